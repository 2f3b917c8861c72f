"""Files over HTTP: taken in as streams, never whole in memory, and shown to whoever knows the id.

A picture may be looked at in its place, as it was written anew; everything else leaves as something
to save, and nothing in it may run, whatever it is (T13).
"""

from typing import Annotated
from urllib.parse import quote

from aiohttp import web
from msgspec import Meta

from channels.widget import Widget
from console.model.files import Owner
from console.model.refusal import Refused
from console.model.words import Role
from console.web import shapes, wire
from console.web import talk_answers as answers
from console.web.address import remote
from console.web.door import PATIENCE
from console.web.floods import FLOODS
from console.web.limits import LIMITS
from console.web.routes import DESK, SESSION, Raw, Routes, json

MONTH_S = 30 * 24 * 3600
CHUNK = 256 * 1024
# a phone with a bad connection
WITHIN_S = 300.0

routes = Routes()


class Named(shapes.Shape):
    """What the file is called where it comes from."""

    name: Annotated[str, Meta(min_length=1, max_length=400)]


class OfInbox(Named):
    """And through which inbox it comes."""

    inbox: shapes.Id


@routes.post(
    "/api/files", role=Role.AGENT, query=Named, body=Raw(), answer=answers.KeptFile,
    refuses=("rate_limited",),
)  # fmt: skip
async def add_file(request: web.Request, named: Named) -> web.Response:
    """Take a file in, to be said in a message or shown with an answer. The body is the file."""
    agent = request[SESSION].agent
    request.app[LIMITS].upload(agent.id)
    owner = Owner(shop_id=agent.shop_id, agent_id=agent.id)
    return json({"file": await _kept(request, owner, named.name)})


@routes.post("/widget/files", role=None, query=OfInbox, body=Raw(), anywhere=True)
async def from_shopper(request: web.Request, asked: OfInbox) -> web.Response:
    desk = request.app[DESK]
    inbox = desk.inboxes.by_key(asked.inbox)
    if inbox is None or inbox.kind != Widget.kind:
        raise Refused("not_found", "no such inbox")
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    identity_id = await desk.entrance.known(inbox, token if scheme == "Bearer" else "")
    if identity_id is None:
        raise Refused("unauthorized", "the visitor's token is missing or of another inbox")
    try:
        request.app[LIMITS].upload(identity_id, remote(request))
    except Refused:
        request.app[FLOODS].note(inbox.shop_id, remote(request))
        raise
    owner = Owner(shop_id=inbox.shop_id, identity_id=identity_id, inbox_id=inbox.id)
    return json({"file": await _kept(request, owner, asked.name)})


@routes.options("/widget/files", role=None, anywhere=True)
async def before_shopper(request: web.Request) -> web.Response:
    """The widget runs on the shop's own page, which has its browser ask first."""
    return web.Response(status=204)


@routes.get("/files/{id}", role=None)
async def whole(request: web.Request) -> web.StreamResponse:
    return await _shown(request, small=False)


@routes.get("/files/{id}/small", role=None)
async def small(request: web.Request) -> web.StreamResponse:
    return await _shown(request, small=True)


async def _kept(request: web.Request, owner: Owner, name: str) -> wire.Json:
    """Read the body as it comes, whatever type it claims to be of."""
    if (wait := request.get(PATIENCE)) is not None:  # without a body nobody waits
        wait(WITHIN_S)
    body = request.content.iter_chunked(CHUNK)
    uploads = request.app[DESK].uploads
    return wire.file(await uploads.keep(owner, name, body, request.content_length or 0))


async def _shown(request: web.Request, *, small: bool) -> web.StreamResponse:
    uploads = request.app[DESK].uploads
    file = await uploads.shown(request.match_info["id"])
    path = uploads.where(file.id, small=small and file.small)
    if not path.is_file():
        raise Refused("not_found", "the file is not here any more")
    response = web.FileResponse(path, chunk_size=CHUNK)
    picture = file.width is not None
    response.headers["Content-Type"] = "image/webp" if small and file.small else file.type
    how = "inline" if picture else "attachment"
    response.headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(file.name, safe='')}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = f"private, max-age={MONTH_S}, immutable"
    return response
