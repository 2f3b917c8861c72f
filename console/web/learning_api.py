"""What the shop's own use teaches: similar questions, proposals of agents, the correction."""

from typing import Annotated

from aiohttp import web
from msgspec import Meta

from console.model.words import Role
from console.web import shapes, wire
from console.web.routes import DESK, SESSION, Routes, body, json

routes = Routes()


class Similar(shapes.Shape):
    """One more phrasing; `revision` is the one it was written for."""

    text: shapes.Words
    revision: Annotated[int, Meta(ge=1, le=2**53)] | None = None


@routes.post("/api/entries/{id}/similar", role=Role.SUPERVISOR)
async def similar(request: web.Request) -> web.Response:
    asked, agent = await body(request, Similar), request[SESSION].agent
    entry = request.match_info["id"]
    await request.app[DESK].teaching.add(agent, entry, asked.text, asked.revision)
    return json(request.app[DESK].library.listed(agent.shop_id, entry, agent.name))


@routes.get("/api/proposals", role=Role.SUPERVISOR)
async def proposals(request: web.Request) -> web.Response:
    found, total = await request.app[DESK].teaching.proposed(request[SESSION].agent)
    items = [wire.proposal(one, question) for one, question in found]
    return json({"items": items, "total": total})


@routes.post("/api/proposals/{id}/accept", role=Role.SUPERVISOR)
async def accept(request: web.Request) -> web.Response:
    agent, desk = request[SESSION].agent, request.app[DESK]
    done = await desk.teaching.accept(agent, request.match_info["id"])
    return json(desk.library.listed(agent.shop_id, done.entry.id, agent.name))


@routes.post("/api/proposals/{id}/decline", role=Role.SUPERVISOR)
async def decline(request: web.Request) -> web.Response:
    await request.app[DESK].teaching.decline(request[SESSION].agent, request.match_info["id"])
    return json({})


@routes.get("/api/learning", role=Role.SUPERVISOR)
async def learning(request: web.Request) -> web.Response:
    shop_id = request[SESSION].agent.shop_id
    return json(wire.learnt(await request.app[DESK].learning.overview(shop_id)))


@routes.delete("/api/learning", role=Role.OWNER)
async def reset(request: web.Request) -> web.Response:
    await request.app[DESK].learning.reset(request[SESSION].agent)
    return web.Response(status=204)


@routes.post("/api/learning/restore", role=Role.OWNER)
async def restore(request: web.Request) -> web.Response:
    await request.app[DESK].learning.restore(request[SESSION].agent)
    return json({})
