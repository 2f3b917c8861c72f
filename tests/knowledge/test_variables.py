"""Blanks in answers: which there are, and text without any. How they are filled: test_said.py."""

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import variables


def test_names_are_listed_once_in_order() -> None:
    assert variables.names("{店名}{昵称|您}{店名}{价格}") == ("店名", "昵称", "价格")


def test_what_stands_where_a_value_is_missing() -> None:
    assert variables.fallbacks("{昵称|朋友}{昵称}{店名}{价格}{价格|面议}") == {
        "昵称": "朋友", "店名": "本店", "价格": "",
    }  # fmt: skip


@settings(deadline=None)
@given(st.text(), st.dictionaries(st.sampled_from(sorted(variables.FALLBACKS)), st.text()))
def test_text_without_blanks_is_left_alone(text: str, values: dict[str, str | None]) -> None:
    plain = text.replace("{", "").replace("}", "")
    assert variables.fill(plain, values) == plain
    assert variables.fill(text, {}) == variables.fill(variables.fill(text, {}), {})
