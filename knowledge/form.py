"""One entry as somebody fills it in: the limits and checks of faq.yaml, findings by their field.

What the file's reader drops in silence is dropped here too: blanks around a text, empty items, and
of similar questions those that are there in another spelling.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from knowledge import chinese
from knowledge.checks import alone
from knowledge.entries import LISTS, LONGEST, day, is_id
from knowledge.entry import Entry
from knowledge.findings import Finding
from knowledge.source import UNSTORABLE

__all__ = ["alone", "day", "tidy", "wrong"]

TEXTS = ("id", "question", "answer", "category", "shortcut", "note")
NEEDED = ("id", "question", "answer")


def tidy(entry: Entry) -> Entry:
    """The entry as a file would have given it."""
    question = entry.question.strip()
    similar, negative, tags, channels, groups = (_filled(getattr(entry, name)) for name in LISTS)
    return replace(
        entry,
        id=entry.id.strip(),
        question=question,
        answer=entry.answer.strip(),
        category=entry.category.strip(),
        shortcut=(entry.shortcut or "").strip() or None,
        note=entry.note.strip(),
        similar=_told_apart(question, similar),
        negative=negative,
        tags=tags,
        channels=channels,
        groups=groups,
    )


def wrong(entry: Entry, before: Entry | None = None) -> list[Finding]:
    """Every error of a tidy entry, in the order of its fields; of those only that differ from
    `before`, where there is one."""
    names = [
        name
        for name in (*TEXTS, *LISTS)
        if before is None or getattr(entry, name) != getattr(before, name)
    ]
    return [Finding("", 0, field, code, facts) for field, code, facts in _wrong(entry, names)]


def _wrong(entry: Entry, names: Iterable[str]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for name, field, text in _texts(entry, names):
        most = LONGEST.get(name)
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


def _texts(entry: Entry, names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Every text with the name that its limit has, and its own."""
    for name in names:
        value = getattr(entry, name)
        if name in TEXTS:
            yield name, name, value or ""
        else:
            yield from ((name, f"{name}[{n}]", text) for n, text in enumerate(value))


def _filled(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, texts)))


def _told_apart(question: str, similar: Iterable[str]) -> tuple[str, ...]:
    """The first of each wording; signs and pictures alone have none and are themselves."""
    kept: dict[str, str] = {}
    for text in (question, *similar):
        kept.setdefault(chinese.wording(text) or text, text)
    return tuple(kept.values())[1:]
