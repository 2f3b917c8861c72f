"""The part of the JSON frontier that only those who edit the knowledge see; in TypeScript it is
static/src/shared/entry-wire.ts."""

from collections.abc import Iterable, Iterator
from typing import Protocol

from console.desk.editing import Together
from console.desk.history import Step
from console.desk.holdings import Category
from console.desk.trying import Found, Match, Preview
from console.desk.upkeep import MOST, Report
from console.model.words import from_ms
from console.web.wire import Json, stamp


def saved(item: Json, warnings: Iterable[tuple[str, str, str]]) -> Json:
    """An entry that was just written, and what makes its answers worse."""
    told = [{"field": field, "code": code, "message": message} for field, code, message in warnings]
    return {**item, "warnings": told}


def together(one: Together) -> Json:
    """Entries that were changed together, and how to take it back."""
    items = [{"id": entry_id, "revision": revision} for entry_id, revision in one.revisions.items()]
    return {"items": items, "changed": len(items), "undo": one.undo}


def step(one: Step) -> Json:
    """One revision in the history of an entry."""
    was = one.revision
    return {
        "revision": was.revision,
        "at": stamp(from_ms(was.at)),
        "by": None if was.by is None else {"id": was.by[0], "name": was.by[1]},
        "change": was.change,
        "fields": list(one.diff),
    }


def revision(one: Step) -> Json:
    """The same with the entry as it was, and what differed from the one before."""
    diff = {name: {"before": before, "after": after} for name, (before, after) in one.diff.items()}
    return {**step(one), "entry": one.listed, "diff": diff}


def category(one: Category) -> Json:
    return {
        "name": one.name,
        "path": one.path,
        "count": one.count,
        "under": [category(each) for each in one.under.values()],
    }


class _Named(Protocol):
    """An entry, of which here only this is told."""

    @property
    def id(self) -> str: ...
    @property
    def question(self) -> str: ...


def upkeep(report: Report, language: str) -> Json:
    """The entries that need a hand; of each list the first ones, and how many there are."""
    lists: dict[str, Iterable[Json]] = {
        "few_phrases": (
            {**_of(one), "phrases": len(one.phrases)} for one in report.few_phrases[:MOST]
        ),
        "never_shown": (
            {**_of(one), "since": stamp(since)} for one, since in report.never_shown[:MOST]
        ),
        "never_taken": ({**_of(one), "shown": shown} for one, shown in report.never_taken[:MOST]),
        "often_edited": _often_edited(report),
        "duplicates": _duplicates(report),
        "broken": _broken(report, language),
        "expiring": (
            {**_of(one.entry), "valid_to": one.last.isoformat(), "days": one.days}
            for one in report.expiring[:MOST]
        ),
    }
    return {
        "at": stamp(report.at),
        "counts": {name: len(getattr(report, name)) for name in lists},
        "lists": {name: [*told] for name, told in lists.items()},
    }


def _of(one: _Named) -> Json:
    return {"entry": one.id, "question": one.question}


def _often_edited(report: Report) -> Iterator[Json]:
    for one in report.often_edited[:MOST]:
        edits = [{"text": text, "count": count} for text, count in one.edits]
        yield {**_of(one.entry), "sent": one.sent, "edited": one.edited, "edits": edits}


def _duplicates(report: Report) -> Iterator[Json]:
    for one in report.duplicates[:MOST]:
        yield {
            **_of(one.entry),
            "other": _of(one.other),
            "likeness": round(one.likeness, 4),
            "same": one.same,
            "phrases": one.phrases,
        }


def _broken(report: Report, language: str) -> Iterator[Json]:
    for one, findings in report.broken[:MOST]:
        told = [
            {"field": each.field, "code": each.code, "message": each.message(language)}
            for each in findings
        ]
        yield {**_of(one), "findings": told}


def match(one: Match) -> Json:
    """What a text that was tried out finds; `lift` is absent where use has taught nothing."""
    return {"text": one.text, "found": [_found(each) for each in one.found], "lead": one.lead}


def _found(one: Found) -> Json:
    suggestion = one.suggestion
    shape: Json = {
        **_of(one.entry),
        "score": suggestion.score,
        "why": suggestion.why,
        "phrase": suggestion.phrase,
        "matched": suggestion.matched,
        "gate": one.gate,
    }
    lift = round(suggestion.lift, 4)
    return {**shape, "lift": lift} if lift else shape


def preview(one: Preview) -> Json:
    """How an answer reads, and the blanks in all its wordings."""
    items = [
        {
            "channel": each.channel,
            "level": each.level,
            "text": each.text,
            "html": each.html,
            "length": each.length,
            "limit": each.abilities.max_text,
            "unit": each.abilities.unit,
            "parts": each.parts,
        }
        for each in one.shown
    ]
    blanks = [
        {"name": each.name, "known": each.known, "fallback": each.fallback} for each in one.blanks
    ]
    return {"items": items, "variables": blanks}
