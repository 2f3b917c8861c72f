"""What can be seen only by comparing entries, and what is allowed but makes answers worse."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from knowledge import chinese, variables
from knowledge.entry import Entry
from knowledge.findings import Finding

FEW_PHRASES = 3
LONG_ANSWER = 500


class Placed(NamedTuple):
    """An entry, its path in the file, its line, and the lines of its fields (similar[2] too)."""

    entry: Entry
    field: str
    line: int
    lines: dict[str, int]

    def at(self, name: str) -> int:
        return self.lines.get(name, self.line)


def check(placed: Sequence[Placed], file: str) -> list[Finding]:
    """All findings of these kinds."""
    found = [*_same_names(placed), *_same_phrases(placed)]
    for each in placed:
        found += _alone(each)
    return [Finding(file, line, field, code, facts) for line, field, code, facts in found]


def alone(entry: Entry) -> list[Finding]:
    """What makes the answers of one entry worse, whatever the others say."""
    placed = Placed(entry, "", 0, {})
    return [
        Finding("", line, field.removeprefix("."), code, facts)
        for line, field, code, facts in _alone(placed)
    ]


_Found = tuple[int, str, str, tuple[str, ...]]


def _same_names(placed: Sequence[Placed]) -> Iterator[_Found]:
    for name, code in (("id", "same_id"), ("shortcut", "same_shortcut")):
        first: dict[str, int] = {}
        for each in placed:
            value = getattr(each.entry, name)
            if value and value in first:
                facts = (value, str(first[value]))
                yield each.at(name), f"{each.field}.{name}", code, facts
            elif value:
                first[value] = each.at(name)


def _same_phrases(placed: Sequence[Placed]) -> Iterator[_Found]:
    first: dict[str, int] = {}
    for each in placed:
        for name, phrase in _phrases(each.entry):
            plain = "".join(chinese.normalise(phrase).text.split())
            if plain and plain in first:
                facts = (_short(phrase), str(first[plain]))
                yield each.at(name), f"{each.field}.{name}", "same_phrase", facts
            elif plain:
                first[plain] = each.at(name)


def _alone(each: Placed) -> Iterator[_Found]:
    entry = each.entry
    if not entry.question:
        return
    if len(entry.phrases) < FEW_PHRASES:
        facts = (str(len(entry.phrases)), str(FEW_PHRASES))
        yield each.at("similar"), f"{each.field}.similar", "few_phrases", facts
    if len(entry.answer) > LONG_ANSWER:
        facts = (str(len(entry.answer)), str(LONG_ANSWER))
        yield each.at("answer"), f"{each.field}.answer", "long_answer", facts
    said = [("answer", entry.answer)]
    said += [(f"variants[{n}].answer", one.answer) for n, one in enumerate(entry.variants)]
    for name, answer in said:
        for unknown in variables.names(answer):
            if unknown not in variables.FALLBACKS:
                facts = (unknown, "、".join(variables.FALLBACKS))
                yield each.at(name), f"{each.field}.{name}", "unknown_variable", facts
    for n, word in enumerate(entry.negative):
        plain = chinese.normalise(word, greetings=True).text
        for _, phrase in _phrases(entry):
            if plain and plain in chinese.normalise(phrase).text:
                where = f"negative[{n}]"
                facts = (_short(word), _short(phrase))
                yield each.at(where), f"{each.field}.{where}", "negative_hits_own", facts
                break


def _phrases(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "question", entry.question
    for n, phrase in enumerate(entry.similar):
        yield f"similar[{n}]", phrase


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:29]}…"
