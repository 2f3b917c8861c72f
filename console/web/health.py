"""Whether the process lives, and whether it can serve."""

from aiohttp import web

from console.model.refusal import Refused
from console.store import Tx, places
from console.web.routes import DESK, Routes, json

routes = Routes()


@routes.get("/healthz", role=None)
async def healthz(request: web.Request) -> web.Response:
    return json({"ok": True})


@routes.get("/readyz", role=None)
async def readyz(request: web.Request) -> web.Response:
    """Ready means that the database answers; the matcher may still be warming up."""

    async def work(tx: Tx) -> bool:
        return await places.first_shop(tx) is not None

    if not await request.app[DESK].store.read(work):
        raise Refused("unavailable", "there is no shop yet")
    return json({"ok": True})
