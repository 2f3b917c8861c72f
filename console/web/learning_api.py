"""What the shop's own use teaches: similar questions, proposals of agents, the correction."""

from typing import Annotated

from aiohttp import web
from msgspec import Meta

from console.model.words import Role
from console.web import answers, learning_wire, shapes
from console.web.routes import DESK, SESSION, Routes, json

routes = Routes()


class Similar(shapes.Shape):
    """One more phrasing; `revision` is the one it was written for."""

    text: shapes.Words
    revision: Annotated[int, Meta(ge=1, le=2**53)] | None = None


@routes.post(
    "/api/entries/{id}/similar", role=Role.SUPERVISOR, body=Similar, answer=answers.Entry,
    refuses=("conflict",),
)  # fmt: skip
async def add_similar(request: web.Request, asked: Similar) -> web.Response:
    """Add a similar question, and take it off the unmatched ones; words it has change nothing."""
    agent, entry = request[SESSION].agent, request.match_info["id"]
    await request.app[DESK].teaching.add(agent, entry, asked.text, asked.revision)
    return json(request.app[DESK].library.listed(agent.shop_id, entry, agent.name))


@routes.get("/api/proposals", role=Role.SUPERVISOR, answer=answers.Proposals)
async def proposals(request: web.Request) -> web.Response:
    """List the similar questions that agents propose."""
    found, total = await request.app[DESK].teaching.proposed(request[SESSION].agent)
    items = [learning_wire.proposal(one, question) for one, question in found]
    return json({"items": items, "total": total})


@routes.post(
    "/api/proposals/{id}/accept", role=Role.SUPERVISOR, answer=answers.Entry, refuses=("invalid",)
)
async def accept_proposal(request: web.Request) -> web.Response:
    """Add what was proposed to its entry."""
    agent, desk = request[SESSION].agent, request.app[DESK]
    done = await desk.teaching.accept(agent, request.match_info["id"])
    return json(desk.library.listed(agent.shop_id, done.entry.id, agent.name))


@routes.post("/api/proposals/{id}/decline", role=Role.SUPERVISOR, answer=answers.Done)
async def decline_proposal(request: web.Request) -> web.Response:
    """Turn down what was proposed."""
    await request.app[DESK].teaching.decline(request[SESSION].agent, request.match_info["id"])
    return json({})


@routes.get("/api/learning", role=Role.SUPERVISOR, answer=answers.Learnt)
async def learning(request: web.Request) -> web.Response:
    """Read what the correction of each entry is made of."""
    shop_id = request[SESSION].agent.shop_id
    return json(learning_wire.learnt(await request.app[DESK].learning.overview(shop_id)))


@routes.delete("/api/learning", role=Role.OWNER, status=204)
async def reset_learning(request: web.Request) -> web.Response:
    """Count nothing of what was learnt until now; it is kept."""
    await request.app[DESK].learning.reset(request[SESSION].agent)
    return web.Response(status=204)


@routes.post("/api/learning/restore", role=Role.OWNER, answer=answers.Done, refuses=("conflict",))
async def restore_learning(request: web.Request) -> web.Response:
    """Undo the last reset."""
    await request.app[DESK].learning.restore(request[SESSION].agent)
    return json({})
