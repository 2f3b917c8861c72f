"""The knowledge entries: read by everybody who answers, written by those who lead."""

import re
from typing import Annotated, Any, Literal

import msgspec
from aiohttp import web
from msgspec import UNSET, Meta, UnsetType

from console.desk import editing
from console.desk.editing import Changed
from console.model.refusal import Refused
from console.model.words import Role
from console.web import answers, entry_wire, shapes
from console.web.language import language
from console.web.routes import DESK, SESSION, Routes, json

routes = Routes()

MOST = 1000
EVER = 2**53

Revision = Annotated[int, Meta(ge=1, le=EVER)]
Texts = list[str]
_NUMBER = re.compile(r"\d{1,15}")
_TAG = re.compile(r'(?:W/)?"(\d{1,16})"|(\d{1,16})')


class Filter(shapes.Shape):
    """Which entries; without a limit all of them."""

    q: shapes.Short = ""
    category: shapes.Short = ""
    state: Literal["", "valid", "expired", "disabled"] = ""
    limit: Annotated[int, Meta(ge=1, le=MOST)] | None = None
    offset: Annotated[int, Meta(ge=0, le=EVER)] = 0


class VariantForm(shapes.Shape):
    """Other words of an answer, for a kind of inbox or a level of customers."""

    answer: str
    channel: str = ""
    level: str = ""


class Form(shapes.Shape):
    """The fields of an entry, as in faq.yaml; null empties one that may be empty. Last what the
    server adds to an entry: sent back, it says nothing."""

    id: str | UnsetType | None = UNSET
    question: str | UnsetType = UNSET
    similar: Texts | UnsetType = UNSET
    negative: Texts | UnsetType = UNSET
    answer: str | UnsetType = UNSET
    category: str | UnsetType = UNSET
    shortcut: str | UnsetType | None = UNSET
    hot: bool | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    valid_from: str | UnsetType | None = UNSET
    valid_to: str | UnsetType | None = UNSET
    tags: Texts | UnsetType = UNSET
    channels: Texts | UnsetType = UNSET
    groups: Texts | UnsetType = UNSET
    note: str | UnsetType = UNSET
    weekdays: list[int] | UnsetType = UNSET
    variants: list[VariantForm] | UnsetType = UNSET
    pictures: Texts | UnsetType = UNSET
    related: Texts | UnsetType = UNSET
    auto_reply: bool | UnsetType = UNSET
    owner: str | UnsetType = UNSET
    personal: bool | UnsetType = UNSET
    initials: Any = UNSET
    plain: Any = UNSET
    warnings: Any = UNSET


class Patch(Form):
    """`revision` is the one that was changed."""

    revision: Revision | None = None


class Expected(shapes.Shape):
    revision: Revision | None = None


class To(shapes.Shape):
    """The revision to go back to."""

    revision: Revision


class Page(shapes.Shape):
    """A page of a history."""

    before: Revision = EVER
    limit: Annotated[int, Meta(ge=1, le=200)] = 100


class Alike(shapes.Shape):
    """What is to be the same in several entries."""

    category: str | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()


class Bulk(shapes.Shape):
    ids: Annotated[list[shapes.Id], Meta(min_length=1, max_length=MOST)]
    change: Alike


class Token(shapes.Shape):
    token: shapes.Id


class Rename(shapes.Shape, rename={"old": "from", "new": "to"}):
    old: Annotated[str, Meta(pattern=r"\S", max_length=200)]
    new: Annotated[str, Meta(pattern=r"\S", max_length=200)]


@routes.get("/api/entries", role=Role.AGENT, query=Filter, answer=answers.EntryList)
async def entries(request: web.Request, asked: Filter) -> web.Response:
    """List the entries that fit, in the owner's order.

    `q` also finds pinyin initials; a category includes those below it.
    """
    agent = request[SESSION].agent
    found = request.app[DESK].library.search(
        agent.shop_id, q=asked.q, category=asked.category, state=asked.state, viewer=agent.name
    )
    end = len(found) if asked.limit is None else asked.offset + asked.limit
    return json({"items": found[asked.offset : end], "total": len(found)})


@routes.post(
    "/api/entries", role=Role.SUPERVISOR, body=Form, answer=answers.SavedEntry, status=201,
    refuses=("conflict",), etag=True,
)  # fmt: skip
async def create_entry(request: web.Request, asked: Form) -> web.Response:
    """Add an entry; `question` and `answer` are needed.

    Without an `id` one is made of the question's initials. An `id` or a `shortcut` that is taken is
    a conflict; the `id` of a deleted entry goes on with its revisions.
    """
    done = await request.app[DESK].editing.create(request[SESSION].agent, given(asked))
    return saved(request, done, status=201)


@routes.post(
    "/api/entries/bulk", role=Role.SUPERVISOR, body=Bulk, answer=answers.EntriesChanged,
    refuses=("not_found",),
)  # fmt: skip
async def change_entries(request: web.Request, asked: Bulk) -> web.Response:
    """Give several entries the same category, state or tags: all of them or none."""
    change = asked.change
    alike = editing.Alike(
        None if change.category is UNSET else change.category,
        None if change.enabled is UNSET else change.enabled,
        change.add_tags,
        change.remove_tags,
    )
    done = await request.app[DESK].editing.alike(request[SESSION].agent, asked.ids, alike)
    return json(entry_wire.together(done))


@routes.post(
    "/api/entries/undo", role=Role.SUPERVISOR, body=Token, answer=answers.EntriesChanged,
    refuses=("not_found", "conflict"),
)  # fmt: skip
async def undo_entries(request: web.Request, asked: Token) -> web.Response:
    """Take back what was changed together; its own `undo` does it again.

    A conflict when one of the entries has changed since.
    """
    done = await request.app[DESK].editing.undo(request[SESSION].agent, asked.token)
    return json(entry_wire.together(done))


@routes.get("/api/entries/{id}", role=Role.AGENT, answer=answers.Entry, etag=True)
async def entry(request: web.Request) -> web.Response:
    """Read an entry."""
    agent = request[SESSION].agent
    listed = request.app[DESK].library.listed(agent.shop_id, request.match_info["id"], agent.name)
    return _tagged(json(listed), listed["revision"])


@routes.patch(
    "/api/entries/{id}", role=Role.SUPERVISOR, body=Patch, answer=answers.SavedEntry,
    refuses=("conflict",), etag=True, if_match=True,
)  # fmt: skip
async def change_entry(request: web.Request, asked: Patch) -> web.Response:
    """Change some fields of an entry.

    Another `revision` or `If-Match` than the entry's is a conflict, with the entry as it is now in
    `error.data.entry`; without either the last one wins.
    """
    done = await request.app[DESK].editing.patch(
        request[SESSION].agent, request.match_info["id"], given(asked),
        revision=expected(request, asked.revision),
    )  # fmt: skip
    return saved(request, done)


@routes.delete(
    "/api/entries/{id}", role=Role.SUPERVISOR, body=Expected, status=204, refuses=("conflict",),
    if_match=True,
)  # fmt: skip
async def delete_entry(request: web.Request, asked: Expected) -> web.Response:
    """Delete an entry; its revisions stay, and `restore` brings it back."""
    await request.app[DESK].editing.delete(
        request[SESSION].agent, request.match_info["id"],
        revision=expected(request, asked.revision),
    )  # fmt: skip
    return web.Response(status=204)


@routes.post(
    "/api/entries/{id}/restore", role=Role.SUPERVISOR, body=To, answer=answers.SavedEntry,
    refuses=("conflict",), etag=True, if_match=True,
)  # fmt: skip
async def restore_entry(request: web.Request, asked: To) -> web.Response:
    """Make an entry what it was at a revision, deleted meanwhile or not; a new revision."""
    done = await request.app[DESK].editing.restore(
        request[SESSION].agent, request.match_info["id"], asked.revision,
        revision=expected(request, None),
    )  # fmt: skip
    return saved(request, done)


@routes.get("/api/entries/{id}/history", role=Role.AGENT, query=Page, answer=answers.EntryHistory)
async def entry_history(request: web.Request, page: Page) -> web.Response:
    """List the revisions of an entry, the newest first, of a deleted one too."""
    agent = request[SESSION].agent
    found, more = await request.app[DESK].history.listed(
        agent, request.match_info["id"], before=page.before, limit=page.limit
    )
    return json({"items": [entry_wire.step(one) for one in found], "more": more})


@routes.get("/api/entries/{id}/history/{revision}", role=Role.AGENT, answer=answers.EntryRevision)
async def entry_revision(request: web.Request) -> web.Response:
    """Read an entry as it was at a revision, and what that one changed."""
    wanted = request.match_info["revision"]
    if not _NUMBER.fullmatch(wanted):
        raise Refused("not_found", f"no revision {wanted[:80]}")
    found = await request.app[DESK].history.one(
        request[SESSION].agent, request.match_info["id"], int(wanted)
    )
    return json(entry_wire.revision(found))


@routes.get("/api/categories", role=Role.AGENT, answer=answers.EntryCategories)
async def categories(request: web.Request) -> web.Response:
    """Read the tree of categories with its counts."""
    found = request.app[DESK].library.categories(request[SESSION].agent.shop_id)
    return json({"items": [entry_wire.category(one) for one in found]})


@routes.post(
    "/api/categories/rename", role=Role.SUPERVISOR, body=Rename, answer=answers.EntriesChanged,
    refuses=("not_found",),
)  # fmt: skip
async def rename_category(request: web.Request, asked: Rename) -> web.Response:
    """Move a category and all below it."""
    done = await request.app[DESK].editing.rename(request[SESSION].agent, asked.old, asked.new)
    return json(entry_wire.together(done))


def given(form: Form) -> dict[str, Any]:
    """The fields that were sent and mean something."""
    found = msgspec.to_builtins(form)
    names = set(Form.__struct_fields__) - {"initials", "plain", "warnings"}
    return {name: value for name, value in found.items() if name in names}


def expected(request: web.Request, revision: int | None) -> int | None:
    """The revision somebody has in hand: by the body, by `If-Match`, or by both; 0, which no entry
    has, where they differ or the header is none of our tags."""
    header = request.headers.get("If-Match", "*").strip()
    if header == "*":
        return revision
    found = _TAG.fullmatch(header)
    tag = int(found[1] or found[2]) if found else 0
    return tag if revision in (None, tag) else 0


def saved(request: web.Request, done: Changed, *, status: int = 200) -> web.Response:
    shape = entry_wire.saved(done.listed, done.warnings(language(request)))
    return _tagged(json(shape, status=status), done.revision)


def _tagged(response: web.Response, revision: int) -> web.Response:
    response.headers["ETag"] = f'"{revision}"'
    return response
