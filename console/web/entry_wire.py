"""The part of the JSON frontier that only those who edit the knowledge see; in TypeScript it is
static/src/shared/entry-wire.ts."""

from collections.abc import Iterable

from console.desk.editing import Together
from console.desk.history import Step
from console.desk.holdings import Category
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
