"""Gates from use: what they keep, what they spare, and that little use fits nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import Gates
from knowledge.gates import KEPT, LEAKED, NEEDED, RIGHT, Sample, evidence, fitted

shares = st.integers(0, 10_000).map(lambda one: one / 10_000)


@st.composite
def sample(draw: st.DrawFn) -> Sample:
    score = draw(shares)
    used = draw(st.booleans())
    return Sample(score, score * draw(shares), used, used and draw(st.booleans()))


def uses(count: int, score: float, *, lead: float = 0.3, first: bool = True) -> list[Sample]:
    return [Sample(score, lead, True, first)] * count


def leaks(count: int, score: float, *, lead: float = 0.05) -> list[Sample]:
    return [Sample(score, lead, False, False)] * count


def test_little_use_fits_nothing() -> None:
    assert fitted(uses(NEEDED - 1, 0.5)) is None
    assert fitted(uses(NEEDED, 0.5)) is not None


def test_show_is_as_low_as_use_needs() -> None:
    """Leaks are everywhere: only 19 of 20 uses hold the gate down."""
    samples = uses(10, 0.35) + uses(190, 0.6) + leaks(100, 0.7)
    found = fitted(samples)
    assert found is not None
    assert found.show == 0.6
    assert evidence(samples, found).shown_share == 0.95


def test_show_is_no_higher_than_leaks_need() -> None:
    samples = uses(200, 0.8) + leaks(20, 0.5) + leaks(80, 0.3)
    found = fitted(samples)
    assert found is not None
    assert found.show == pytest.approx(0.3001)
    assert evidence(samples, found).leak_share == LEAKED


def test_sure_needs_the_lead_that_was_right() -> None:
    samples = uses(95, 0.7, lead=0.3) + uses(5, 0.7, lead=0.3, first=False)
    samples += uses(100, 0.7, lead=0.1, first=False)
    found = fitted(samples)
    assert found is not None
    assert (found.sure, found.lead) == (0.7, 0.3)
    assert evidence(samples, found).sure_right == 0.95


def test_where_the_first_is_seldom_right_nothing_but_its_own_words_is_sure() -> None:
    found = fitted(uses(100, 0.9) + uses(100, 0.9, first=False))
    assert found is not None
    assert (found.sure, found.lead) == (1.0, 1.0)


def test_gates_are_judged_on_a_log() -> None:
    samples = uses(3, 0.5) + uses(1, 0.2) + leaks(1, 0.5) + leaks(3, 0.1)
    seen = evidence(samples, Gates(show=0.4, sure=0.5, lead=0.2))
    assert (seen.answered, seen.shown_share, seen.leak_share) == (8, 0.75, 0.25)
    assert seen.sure_right == 1.0
    nothing = evidence([], Gates())
    assert (nothing.answered, nothing.shown_share) == (0, None)
    assert (nothing.leak_share, nothing.sure_right) == (None, None)


@given(st.lists(sample(), min_size=NEEDED, max_size=NEEDED + 60))
def test_what_fits_keeps_its_word(samples: list[Sample]) -> None:
    found = fitted(samples)
    assert found is not None
    assert 0.0 <= found.show <= found.sure <= 1.0
    assert 0.0 <= found.lead <= 1.0
    seen = evidence(samples, found)
    assert seen.shown_share is None or seen.shown_share >= KEPT - 1e-4
    if seen.sure_right is not None and found.sure < 1.0:
        exact = [one for one in samples if one.score >= 1.0]
        assert seen.sure_right >= RIGHT - 1e-4 or exact
