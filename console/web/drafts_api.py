"""What agents write for the knowledge: their own phrases, and drafts that leads publish."""

from collections.abc import Mapping
from typing import Annotated, Any

from aiohttp import web
from msgspec import Meta

from console.model.refusal import Refused
from console.model.words import Role
from console.web import answers, draft_wire, shapes
from console.web.entries_api import Form, Patch, Revision, expected, given, saved
from console.web.routes import DESK, SESSION, Routes, json

routes = Routes()

Note = Annotated[str, Meta(max_length=500)]


class Proposed(shapes.Shape):
    """A new entry, or with `entry` a change of one; `revision` is the one that was changed, and
    `seq` the message of the conversation that it comes from."""

    fields: Form
    entry: shapes.Id | None = None
    revision: Revision | None = None
    note: Note = ""
    conversation: shapes.Id | None = None
    seq: shapes.Seq | None = None


class Publish(shapes.Shape):
    """The fields as the lead has corrected them; `revision` is the entry's that the lead saw."""

    fields: Form | None = None
    revision: Revision | None = None


class Decline(shapes.Shape):
    """Why; the agent reads it."""

    reason: Note = ""


class Days(shapes.Shape):
    """Of how many days, today included."""

    days: Annotated[int, Meta(ge=1, le=400)] = 30


@routes.get("/api/phrases", role=Role.AGENT, answer=answers.EntryList)
async def phrases(request: web.Request) -> web.Response:
    """List one's own phrases: entries that nobody else sees."""
    found = request.app[DESK].library.personal(request[SESSION].agent)
    return json({"items": found, "total": len(found)})


@routes.post(
    "/api/phrases", role=Role.AGENT, body=Form, answer=answers.SavedEntry, status=201,
    refuses=("conflict",), etag=True,
)  # fmt: skip
async def create_phrase(request: web.Request, asked: Form) -> web.Response:
    """Make a phrase of one's own."""
    fields = {**_personal(given(asked)), "personal": True}
    done = await request.app[DESK].editing.create(request[SESSION].agent, fields)
    return saved(request, done, status=201)


@routes.patch(
    "/api/phrases/{id}", role=Role.AGENT, body=Patch, answer=answers.SavedEntry,
    refuses=("conflict",), etag=True, if_match=True,
)  # fmt: skip
async def change_phrase(request: web.Request, asked: Patch) -> web.Response:
    """Change a phrase of one's own."""
    agent, entry_id = request[SESSION].agent, request.match_info["id"]
    request.app[DESK].library.own(agent, entry_id)
    done = await request.app[DESK].editing.patch(
        agent, entry_id, _personal(given(asked)), revision=expected(request, asked.revision)
    )
    return saved(request, done)


@routes.delete(
    "/api/phrases/{id}", role=Role.AGENT, status=204, refuses=("conflict",), if_match=True
)
async def delete_phrase(request: web.Request) -> web.Response:
    """Delete a phrase of one's own."""
    agent, entry_id = request[SESSION].agent, request.match_info["id"]
    request.app[DESK].library.own(agent, entry_id)
    await request.app[DESK].editing.delete(agent, entry_id, revision=expected(request, None))
    return web.Response(status=204)


@routes.get("/api/usage", role=Role.AGENT, query=Days, answer=answers.UsageList)
async def usage(request: web.Request, asked: Days) -> web.Response:
    """Say how often entries were said, the most said first."""
    found = await request.app[DESK].usage.listed(request[SESSION].agent, asked.days)
    return json({"items": [draft_wire.used(one) for one in found]})


@routes.get("/api/drafts", role=Role.AGENT, answer=answers.DraftList)
async def drafts(request: web.Request) -> web.Response:
    """List drafts: for a lead what waits, for an agent their own and what became of them."""
    desk = request.app[DESK]
    found, total = await desk.drafting.listed(request[SESSION].agent)
    return json({"items": [draft_wire.draft(one, desk.library) for one in found], "total": total})


@routes.post(
    "/api/drafts", role=Role.AGENT, body=Proposed, answer=answers.Draft, status=201,
    refuses=("not_found", "conflict", "rate_limited"),
)  # fmt: skip
async def propose(request: web.Request, asked: Proposed) -> web.Response:
    """Propose a new entry, or a change of one."""
    desk = request.app[DESK]
    if (asked.conversation is None) is not (asked.seq is None):
        raise Refused("invalid", "`conversation` and `seq` belong together")
    said = None
    if asked.conversation is not None and asked.seq is not None:
        said = (asked.conversation, asked.seq)
    done = await desk.drafting.propose(
        request[SESSION].agent, given(asked.fields), entry=asked.entry, revision=asked.revision,
        note=asked.note, said=said,
    )  # fmt: skip
    return json(draft_wire.draft(done, desk.library), status=201)


@routes.post(
    "/api/drafts/{id}/publish", role=Role.SUPERVISOR, body=Publish, answer=answers.SavedEntry,
    refuses=("conflict",), etag=True,
)  # fmt: skip
async def publish_draft(request: web.Request, asked: Publish) -> web.Response:
    """Make a draft an entry, or the change that it is."""
    done = await request.app[DESK].drafting.publish(
        request[SESSION].agent, request.match_info["id"],
        fields=None if asked.fields is None else given(asked.fields), revision=asked.revision,
    )  # fmt: skip
    return saved(request, done)


@routes.post("/api/drafts/{id}/decline", role=Role.SUPERVISOR, body=Decline, answer=answers.Done)
async def decline_draft(request: web.Request, asked: Decline) -> web.Response:
    """Decline a draft."""
    await request.app[DESK].drafting.decline(
        request[SESSION].agent, request.match_info["id"], asked.reason
    )
    return json({})


@routes.delete("/api/drafts/{id}", role=Role.AGENT, status=204)
async def withdraw_draft(request: web.Request) -> web.Response:
    """Take back a draft of one's own that waits."""
    await request.app[DESK].drafting.withdraw(request[SESSION].agent, request.match_info["id"])
    return web.Response(status=204)


def _personal(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a phrase of one's own. Raises Refused("invalid") where it would be others'."""
    if fields.get("personal", True) is not True:
        raise Refused("invalid", "`personal`: a phrase of one's own stays so; propose it instead")
    return dict(fields)
