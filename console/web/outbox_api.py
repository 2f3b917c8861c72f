"""The screen of undelivered messages: list, send again, dismiss."""

from typing import Annotated, Literal

from aiohttp import web
from msgspec import Meta

from console.model.words import Delivery, Role
from console.web import shapes, wire
from console.web.language import language
from console.web.routes import DESK, SESSION, Routes, json, query

routes = Routes()


class Which(shapes.Shape):
    """Which messages; without a state those that wait for a person."""

    state: Literal["", "dead", "unconfirmed", "retry"] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 100
    lang: Literal["zh-CN", "en"] | None = None


@routes.get("/api/outbox", role=Role.AGENT)
async def undelivered(request: web.Request) -> web.Response:
    asked = query(request, Which)
    desk = request.app[DESK].undelivered
    state = Delivery(asked.state) if asked.state else None
    found, total = await desk.listed(request[SESSION].agent, state, asked.limit)
    items = [wire.letter(one, desk.sentence(one.letter.reason, language(request))) for one in found]
    return json({"items": items, "total": total})


@routes.post("/api/outbox/{id}/resend", role=Role.AGENT)
async def resend(request: web.Request) -> web.Response:
    await request.app[DESK].undelivered.resend(request[SESSION].agent, request.match_info["id"])
    return json({})


@routes.post("/api/outbox/{id}/dismiss", role=Role.AGENT)
async def dismiss(request: web.Request) -> web.Response:
    await request.app[DESK].undelivered.dismiss(request[SESSION].agent, request.match_info["id"])
    return json({})
