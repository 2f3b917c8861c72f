"""Whether the process lives, and whether it can serve."""

from aiohttp import web

from console.model.refusal import Refused
from console.web.routes import DESK, Routes, json

routes = Routes()


@routes.get("/healthz", role=None)
async def healthz(request: web.Request) -> web.Response:
    return json({"ok": True})


@routes.get("/readyz", role=None)
async def readyz(request: web.Request) -> web.Response:
    """Ready means that the database answers; the matcher may still be warming up."""
    if not await request.app[DESK].open_for_business():
        raise Refused("unavailable", "there is no shop yet")
    return json({"ok": True})
