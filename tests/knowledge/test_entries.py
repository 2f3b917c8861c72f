"""faq.yaml: what is read, and each thing that can be wrong with its line and field."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import entries, findings, source
from knowledge.entries import Reading

GOOD = """\
version: 1
shop: 青瓷小店
dictionary: [汝窑, 盖碗]
synonyms:
  - [快递, 物流]
entries:
  - id: fahuo
    question: 什么时候发货
    similar:
      - 几天发货
      - 多久能发
    negative: [换货]
    answer: |
      {昵称}，付款后 48 小时内发货。

      # 这一行也是答案
    category: 物流
    shortcut: fh
    hot: true
    valid_from: 2026-11-01
    valid_to: "2026-11-30"
    tags: [大促]
    note: 内部
"""


def found(text: str) -> list[tuple[str, int, str, str]]:
    reading = entries.read(text, file="faq.yaml")
    return [(f.severity, f.line, f.field, f.code) for f in reading.findings]


def one(body: str) -> str:
    """A file with one otherwise good entry that also has these fields."""
    head = "entries:\n  - id: a\n    question: q1\n    similar: [q2, q3]\n    answer: x\n"
    return head + "".join(f"    {line}\n" for line in body.splitlines())


def test_everything_is_read() -> None:
    reading = entries.read(GOOD, file="faq.yaml")
    assert reading.findings == ()
    assert reading.shop == {"name": "青瓷小店"}
    assert reading.dictionary == ("汝窑", "盖碗")
    assert reading.synonyms == (("快递", "物流"),)
    (entry,) = reading.entries
    assert entry.phrases == ("什么时候发货", "几天发货", "多久能发")
    assert entry.answer == "{昵称}，付款后 48 小时内发货。\n\n# 这一行也是答案"
    assert (entry.negative, entry.category, entry.shortcut) == (("换货",), "物流", "fh")
    assert (entry.hot, entry.tags, entry.note) == (True, ("大促",), "内部")
    assert entry.enabled, "unless it is said not to be"
    assert (entry.valid_from, entry.valid_to) == (date(2026, 11, 1), date(2026, 11, 30))


def test_scalars_are_text_as_written() -> None:
    (entry,) = entries.read(one("shortcut: 0123\ncategory: no\nnote: 1.10"), file="f").entries
    assert (entry.shortcut, entry.category, entry.note) == ("0123", "no", "1.10")


@pytest.mark.parametrize(("text", "enabled"), [("false", False), ("true", True), ("", True)])
def test_an_entry_may_be_switched_off(text: str, enabled: bool) -> None:
    (entry,) = entries.read(one(f"enabled: {text}"), file="f").entries
    assert entry.enabled is enabled


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("colour: red", ("error", 6, "entries[0].colour", "unknown")),
        ("category: [a]", ("error", 6, "entries[0].category", "type_text")),
        ("negative: 换货", ("error", 6, "entries[0].negative", "type_list")),
        ("tags:\n  - [a]", ("error", 7, "entries[0].tags[0]", "type_text")),
        ("hot: 是", ("error", 6, "entries[0].hot", "type_bool")),
        ("enabled: 否", ("error", 6, "entries[0].enabled", "type_bool")),
        ("valid_from: 2026-02-30", ("error", 6, "entries[0].valid_from", "type_date")),
        ("valid_from: 11月1日", ("error", 6, "entries[0].valid_from", "type_date")),
        ("valid_from: 2026-02-02\nvalid_to: 2026-02-01",
         ("error", 7, "entries[0].valid_to", "dates_order")),
        ("weekdays: [1, 8]", ("error", 6, "entries[0].weekdays", "type_weekday")),
        ("weekdays: 1", ("error", 6, "entries[0].weekdays", "type_list")),
        ("auto_reply: 是", ("error", 6, "entries[0].auto_reply", "type_bool")),
        ("variants: a", ("error", 6, "entries[0].variants", "type_list")),
        ("variants:\n  - a", ("error", 7, "entries[0].variants[0]", "type_fields")),
        ("variants:\n  - answer: a", ("error", 7, "entries[0].variants[0]", "variant_for")),
        ("variants:\n  - level: vip", ("error", 7, "entries[0].variants[0].answer", "missing")),
        ("variants:\n  - {level: v, answer: a}\n  - {level: v, answer: b}",
         ("error", 8, "entries[0].variants[1]", "same_variant")),
        ("variants:\n  - {lvl: v, answer: a}",
         ("error", 7, "entries[0].variants[0].lvl", "unknown")),
        ("personal: true", ("error", 6, "entries[0].personal", "unknown")),
        ("note: a\nnote: b", ("error", 7, "note", "repeated")),
        (f"note: {'长' * 2001}", ("error", 6, "entries[0].note", "too_long")),
        ("note: &x a", ("error", 6, "", "alias")),
        ("note: *x", ("error", 6, "", "alias")),
        ("note: !!python/name:os.system a", ("error", 6, "", "tag")),
        ("note: a: b", ("error", 6, "", "syntax")),
        ("\tnote: a", ("error", 6, "", "syntax")),
        ('note: "a', ("error", 7, "", "syntax")),
        ('note: "\\ud83d"', ("error", 6, "", "syntax")),
        ('note: "\\0"', ("error", 6, "", "syntax")),
    ],
)  # fmt: skip
def test_errors_of_a_field(body: str, expected: tuple[str, int, str, str]) -> None:
    assert expected in found(one(body))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("error", 1, "entries", "missing")),
        ("null", ("error", 1, "entries", "missing")),
        ("- a", ("error", 1, "faq.yaml", "type_fields")),
        ("entries: 1", ("error", 1, "entries", "type_list")),
        ("entries:\n  - a", ("error", 2, "entries[0]", "type_fields")),
        ("entries:\n  - id: a\n    answer: b", ("error", 2, "entries[0].question", "missing")),
        ("entries:\n  - id: a\n    question: b", ("error", 2, "entries[0].answer", "missing")),
        ("entries:\n  - question: b", ("error", 2, "entries[0].id", "missing")),
        ("entries:\n  - id: a b/c", ("error", 2, "entries[0].id", "id_form")),
        ("version: 2\nentries: []", ("error", 1, "version", "version")),
        ("versoin: 1\nentries: []", ("error", 1, "versoin", "unknown")),
        ("shop: {nam: x}\nentries: []", ("error", 1, "shop.nam", "unknown")),
        ("synonyms: [a]\nentries: []", ("error", 1, "synonyms[0]", "type_list")),
        ("dictionary: a\nentries: []", ("error", 1, "dictionary", "type_list")),
        ("entries: []\n---\nentries: []", ("error", 2, "", "many_documents")),
        ("? [a]\n: b", ("error", 1, "", "key_type")),
        ("[" * 9000, ("error", 1, "", "too_deep")),
        ('a: "\\UFFFFFFFF"', ("error", 1, "", "syntax")),
        ("a: \x00", ("error", 1, "", "syntax")),
        ("a: \ud800", ("error", 1, "", "syntax")),
        ("#" * (source.LARGEST + 1), ("error", 1, "", "too_large")),
    ],
)
def test_errors_of_a_file(text: str, expected: tuple[str, int, str, str]) -> None:
    assert expected in found(text)


def test_errors_between_entries_name_the_other_line() -> None:
    entry = "  - id: {0}\n    shortcut: {1}\n    question: {2}\n    similar: [b{0}, c{0}]\n"
    entry += "    answer: x\n"
    text = "entries:\n" + entry.format("a", "fh", "q") + entry.format("a", "fh", "Q？")
    reading = entries.read(text, file="faq.yaml")
    told = {(f.line, f.code, f.facts[-1]) for f in reading.findings}
    assert {(7, "same_id", "2"), (8, "same_shortcut", "3"), (9, "same_phrase", "4")} <= told
    assert {f.severity for f in reading.findings if f.code == "same_phrase"} == {"warning"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (one("").replace("[q2, q3]", "[q2]"), (4, "similar", "few_phrases")),
        (one("").replace("[q2, q3]", "[q2, Q1]"), (4, "similar[1]", "same_phrase")),
        (one("").replace("answer: x", f"answer: {'长' * 501}"), (5, "answer", "long_answer")),
        (one("").replace("answer: x", "answer: 亲{价格}"), (5, "answer", "unknown_variable")),
        (one("negative: [无关, Q1]"), (6, "negative[1]", "negative_hits_own")),
    ],
)
def test_warnings_leave_the_entries_usable(text: str, expected: tuple[int, str, str]) -> None:
    reading = entries.read(text, file="faq.yaml")
    line, field, code = expected
    assert [(f.line, f.field, f.code) for f in reading.findings] == [
        (line, f"entries[0].{field}", code)
    ]
    assert reading.errors == ()
    assert len(reading.entries) == 1


def test_the_list_of_errors_is_complete() -> None:
    text = "entries:\n  - colour: 1\n  - hot: 是\n    tags: x\n"
    codes = [f.code for f in entries.read(text, file="f").errors]
    assert codes.count("missing") == 6
    assert {"unknown", "type_bool", "type_list"} <= set(codes)


def test_aliases_do_not_unfold() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n"
    for n in range(8):
        bomb += f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(f'*{chr(97 + n)}' for _ in range(9))}]\n"
    assert found(bomb) == [("error", 1, "", "alias")]


@pytest.mark.parametrize(
    ("data", "text", "codes"),
    [
        ("版本".encode(), "版本", []),
        ("版本".encode("utf-8-sig"), "版本", []),
        ("a\n版本".encode("gbk"), "", [(2, "encoding", ("GBK",))]),
        ("版本".encode("utf-16"), "", [(1, "encoding", ("UTF-16",))]),
        (b"\xff\x80\xff", "", [(1, "encoding", ("?",))]),
    ],
)
def test_decode(data: bytes, text: str, codes: list[tuple[int, str, tuple[str, ...]]]) -> None:
    decoded, told = entries.decode(data, file="faq.yaml")
    assert decoded == text
    assert [(f.line, f.code, f.facts) for f in told] == codes


def test_every_finding_has_a_sentence_in_both_languages() -> None:
    for code, (_, zh, en) in findings.SENTENCES.items():
        finding = findings.Finding("faq.yaml", 3, "x", code, ("1", "2", "3"))
        assert "{" not in finding.message("en").replace("{1}", "").replace("field: value", "")
        assert finding.message() != finding.message("en")
        assert str(finding).startswith("faq.yaml:3: x: ")
        assert zh
        assert en


def test_the_shops_own_file_is_clean(shop: Reading) -> None:
    assert [str(finding) for finding in shop.findings] == []
    assert len(shop.entries) >= 120


@settings(deadline=None)
@given(st.text(st.characters(codec=None), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    reading = entries.read(text, file="f")
    assert reading.errors or reading.entries or "entries" in text


PIECES = ["entries:", "\n", "  - ", "id", ": ", "a", "question: q", "[", "]", "{", "}", "'", '"',
          "|", ">", "#", "&a ", "*a ", "!t ", "\t", "    ", "- ", "? ", "%", "---\n",
          "\\"]  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_yaml_is_read_or_refused(text: str) -> None:
    assert all(f.line >= 1 and f.message() for f in entries.read(text, file="f").findings)
