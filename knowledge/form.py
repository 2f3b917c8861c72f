"""One entry as somebody fills it in: the limits and checks of faq.yaml, findings by their field.

What the file's reader drops in silence is dropped here too: blanks around a text, empty items, and
of similar questions those that are there in another spelling.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from knowledge import chinese
from knowledge.checks import alone
from knowledge.entries import LISTS, MOST, VARIANT, WEEK, alike, day, is_id
from knowledge.entry import Entry, Variant
from knowledge.findings import Finding
from knowledge.source import UNSTORABLE

__all__ = ["alone", "day", "tidy", "wrong"]

TEXTS = ("id", "question", "answer", "category", "shortcut", "owner", "note")
NEEDED = ("id", "question", "answer")


def tidy(entry: Entry) -> Entry:
    """The entry as a file would have given it."""
    question = entry.question.strip()
    lists: dict[str, Any] = {name: _filled(getattr(entry, name)) for name in LISTS}
    lists["similar"] = _told_apart(question, lists["similar"])
    return replace(
        entry,
        id=entry.id.strip(),
        question=question,
        answer=entry.answer.strip(),
        category=entry.category.strip(),
        shortcut=(entry.shortcut or "").strip() or None,
        note=entry.note.strip(),
        owner=entry.owner.strip(),
        weekdays=tuple(sorted(set(entry.weekdays))),
        variants=tuple(
            Variant(one.answer.strip(), one.channel.strip(), one.level.strip())
            for one in entry.variants
        ),
        **lists,
    )


def wrong(entry: Entry, before: Entry | None = None) -> list[Finding]:
    """Every error of a tidy entry, in the order of its fields; of those only that differ from
    `before`, where there is one."""
    names = [
        name
        for name in (*TEXTS, *LISTS, "weekdays", "variants")
        if before is None or getattr(entry, name) != getattr(before, name)
    ]
    return [Finding("", 0, field, code, facts) for field, code, facts in _wrong(entry, names)]


def _wrong(entry: Entry, names: Iterable[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    strange = set(entry.weekdays) - WEEK if "weekdays" in names else ()
    for one in strange:
        yield "weekdays", "type_weekday", (str(one),)
    if "variants" in names:
        yield from _wrong_variants(entry.variants)
    for name, field, text in _texts(entry, names):
        most = MOST.get(name)
        if not text and name in NEEDED:
            yield field, "missing", (field,)
        elif name == "id" and not is_id(text):
            yield field, "id_form", (text[:80],)
        elif most is not None and len(text) > most:
            yield field, "too_long", (field, str(len(text)), str(most))
        elif UNSTORABLE.search(text):
            yield field, "characters", (field,)
    began, ended = entry.valid_from, entry.valid_to
    if began and ended and ended < began:
        yield "valid_to", "dates_order", (began.isoformat(), ended.isoformat())


def _wrong_variants(variants: Sequence[Variant]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for n, one in enumerate(variants):
        if not one.channel and not one.level:
            yield f"variants[{n}]", "variant_for", ()
        if any(alike(one, other) for other in variants[:n]):
            yield f"variants[{n}]", "same_variant", ()


def _texts(entry: Entry, names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Every text with the name that its limit has, and its own."""
    for name in names:
        value = getattr(entry, name)
        if name in TEXTS:
            yield name, name, value or ""
        elif name == "variants":
            for n, one in enumerate(entry.variants):
                yield from ((part, f"{name}[{n}].{part}", getattr(one, part)) for part in VARIANT)
        elif name != "weekdays":
            yield from ((name, f"{name}[{n}]", text) for n, text in enumerate(value))


def _filled(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, texts)))


def _told_apart(question: str, similar: Iterable[str]) -> tuple[str, ...]:
    """The first of each wording; signs and pictures alone have none and are themselves."""
    kept: dict[str, str] = {}
    for text in (question, *similar):
        kept.setdefault(chinese.wording(text) or text, text)
    return tuple(kept.values())[1:]
