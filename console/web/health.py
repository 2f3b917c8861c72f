"""Whether the process lives, and whether it can serve."""

from aiohttp import web

from console.web.routes import Routes, json
from console.web.vitals import VITALS, wrong

routes = Routes()


@routes.get("/healthz", role=None)
async def healthz(request: web.Request) -> web.Response:
    return json({"ok": True})


@routes.get("/readyz", role=None)
async def readyz(request: web.Request) -> web.Response:
    """503 names what is wrong; the matcher may still be warming up."""
    found = await wrong(request.app[VITALS])
    return json(
        {"ok": not found, **({"wrong": found} if found else {})}, status=503 if found else 200
    )
