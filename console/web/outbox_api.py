"""The screen of undelivered messages: list, send again, dismiss."""

from typing import Annotated, Literal

from aiohttp import web
from msgspec import Meta

from console.model.words import Delivery, Role
from console.web import answers, shapes, wire
from console.web.language import language
from console.web.routes import DESK, SESSION, Routes, json

routes = Routes()


class Which(shapes.Shape):
    """Which messages; without a state those that wait for a person."""

    state: Literal["", "dead", "unconfirmed", "retry"] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 100
    lang: Literal["zh-CN", "en"] | None = None


@routes.get("/api/outbox", role=Role.AGENT, query=Which, answer=answers.Letters)
async def undelivered(request: web.Request, asked: Which) -> web.Response:
    """List the messages that did not arrive, the newest first."""
    desk = request.app[DESK].undelivered
    state = Delivery(asked.state) if asked.state else None
    found, total = await desk.listed(request[SESSION].agent, state, asked.limit)
    items = [wire.letter(one, desk.sentence(one.letter.reason, language(request))) for one in found]
    return json({"items": items, "total": total})


@routes.post("/api/outbox/{id}/resend", role=Role.AGENT, answer=answers.Done, refuses=("conflict",))
async def resend_letter(request: web.Request) -> web.Response:
    """Put a message back in the queue."""
    await request.app[DESK].undelivered.resend(request[SESSION].agent, request.match_info["id"])
    return json({})


@routes.post(
    "/api/outbox/{id}/dismiss", role=Role.AGENT, answer=answers.Done, refuses=("conflict",)
)
async def dismiss_letter(request: web.Request) -> web.Response:
    """Take a message off the list; `resend` undoes it."""
    await request.app[DESK].undelivered.dismiss(request[SESSION].agent, request.match_info["id"])
    return json({})
