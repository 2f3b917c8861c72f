"""What shoppers ask and no entry answers: the list, taking off it, putting back."""

from typing import Annotated

from aiohttp import web
from msgspec import Meta

from console.model.words import Role
from console.web import answers, learning_wire, shapes
from console.web.routes import DESK, SESSION, Routes, json

routes = Routes()


class Asked(shapes.Shape):
    """By how many at least, within how many days."""

    askers: Annotated[int, Meta(ge=1, le=1000)] = 3
    days: Annotated[int, Meta(ge=1, le=90)] = 30
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


@routes.get("/api/unmatched", role=Role.AGENT, query=Asked, answer=answers.Unmatched)
async def unmatched(request: web.Request, asked: Asked) -> web.Response:
    """List what shoppers ask and no entry answers, grouped by likeness."""
    found, total = await request.app[DESK].unmatched.listed(
        request[SESSION].agent, askers=asked.askers, days=asked.days, limit=asked.limit
    )
    return json({"items": [learning_wire.gap(one) for one in found], "total": total})


@routes.post("/api/unmatched/{id}/dismiss", role=Role.SUPERVISOR, answer=answers.Done)
async def dismiss_gap(request: web.Request) -> web.Response:
    """Take a question off the list until three who had not asked it ask it."""
    await request.app[DESK].unmatched.dismiss(request[SESSION].agent, request.match_info["id"])
    return json({})


@routes.post("/api/unmatched/{id}/restore", role=Role.SUPERVISOR, answer=answers.Done)
async def restore_gap(request: web.Request) -> web.Response:
    """Put a question back on the list."""
    await request.app[DESK].unmatched.restore(request[SESSION].agent, request.match_info["id"])
    return json({})
