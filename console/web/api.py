"""The JSON under /api: signing in, the customer card, older messages."""

from typing import Annotated

from aiohttp import web
from msgspec import Meta

from console.model.words import Role
from console.web import shapes, wire
from console.web.address import remote
from console.web.language import language
from console.web.routes import (
    COOKIE,
    DESK,
    SECURE_COOKIE,
    SESSION,
    Routes,
    body,
    json,
    query,
    set_cookie,
)

routes = Routes()


class Older(shapes.Shape):
    """A page of older messages."""

    before: shapes.Seq = 2**53
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


@routes.post("/api/login", role=None)
async def login(request: web.Request) -> web.Response:
    asked = await body(request, shapes.SignIn)
    entrance = request.app[DESK].entrance
    token, session = await entrance.sign_in(asked.name, asked.password, remote(request))
    response = json({"agent": wire.me(session.agent), "csrf": session.csrf})
    set_cookie(request, response, token)
    return response


@routes.post("/api/logout", role=Role.AGENT)
async def logout(request: web.Request) -> web.Response:
    await request.app[DESK].entrance.sign_out(request[SESSION].token_hash)
    response = web.Response(status=204)
    response.del_cookie(COOKIE, path="/")
    response.del_cookie(SECURE_COOKIE, path="/", secure=True)
    return response


@routes.get("/api/me", role=Role.AGENT)
async def me(request: web.Request) -> web.Response:
    session = request[SESSION]
    return json({"agent": wire.me(session.agent), "csrf": session.csrf})


@routes.get("/api/conversations/{id}", role=Role.AGENT)
async def card(request: web.Request) -> web.Response:
    agent = request[SESSION].agent
    return json(wire.card(await request.app[DESK].views.card(agent, request.match_info["id"])))


@routes.get("/api/conversations/{id}/messages", role=Role.AGENT)
async def messages(request: web.Request) -> web.Response:
    page = query(request, Older)
    desk = request.app[DESK]
    found = await desk.views.history(
        request[SESSION].agent, request.match_info["id"], page.before, page.limit
    )
    why = await desk.undelivered.reasons(found, language(request))
    return json({"messages": [wire.desk_message(one, why.get(one.id)) for one in found]})
