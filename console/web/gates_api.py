"""From where on suggestions are shown and sure: what holds, what the log would have, setting it."""

from typing import Annotated

from aiohttp import web
from msgspec import Meta

from console.model.refusal import Refused
from console.model.words import Role
from console.web import answers, learning_wire, shapes
from console.web.routes import DESK, SESSION, Routes, json

routes = Routes()

Share = Annotated[float, Meta(ge=0, le=1)]


class Limits(shapes.Shape):
    """All three: one alone could contradict what holds for the others."""

    show: Share
    sure: Share
    lead: Share


@routes.get("/api/gates", role=Role.SUPERVISOR, answer=answers.Gates)
async def gates(request: web.Request) -> web.Response:
    """Read from where on suggestions are shown and sure."""
    return await _state(request)


@routes.put("/api/gates", role=Role.SUPERVISOR, body=Limits, answer=answers.Gates)
async def set_gates(request: web.Request, asked: Limits) -> web.Response:
    """Set the limits; `sure` is not below `show`."""
    if asked.sure < asked.show:
        raise Refused("invalid", f"`sure` is {asked.sure}, below `show`, which is {asked.show}")
    shop_id = request[SESSION].agent.shop_id
    await request.app[DESK].gating.set(shop_id, show=asked.show, sure=asked.sure, lead=asked.lead)
    return await _state(request)


@routes.delete("/api/gates", role=Role.SUPERVISOR, answer=answers.Gates)
async def reset_gates(request: web.Request) -> web.Response:
    """Go back to the shipped limits."""
    await request.app[DESK].gating.reset(request[SESSION].agent.shop_id)
    return await _state(request)


async def _state(request: web.Request) -> web.Response:
    return json(
        learning_wire.gates(await request.app[DESK].gating.state(request[SESSION].agent.shop_id))
    )
