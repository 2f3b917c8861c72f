"""The JSON under /api: signing in, the customer card, older messages."""

from typing import Annotated

from aiohttp import web
from msgspec import Meta

from console.model.words import Role
from console.web import answers, shapes, talk_answers, wire
from console.web.address import remote
from console.web.language import language
from console.web.routes import (
    COOKIE,
    DESK,
    SECURE_COOKIE,
    SESSION,
    Routes,
    json,
    set_cookie,
)

routes = Routes()


class Older(shapes.Shape):
    """A page of older messages."""

    before: shapes.Seq = 2**53
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


@routes.post(
    "/api/login", role=None, body=shapes.SignIn, answer=answers.SignedIn,
    refuses=("unauthorized", "rate_limited"),
)  # fmt: skip
async def login(request: web.Request, asked: shapes.SignIn) -> web.Response:
    """Sign in: sets the cookie, and answers the token for the header X-CSRF-Token."""
    entrance = request.app[DESK].entrance
    token, session = await entrance.sign_in(asked.name, asked.password, remote(request))
    response = json({"agent": wire.me(session.agent), "csrf": session.csrf})
    set_cookie(request, response, token)
    return response


@routes.post("/api/logout", role=Role.AGENT, status=204)
async def logout(request: web.Request) -> web.Response:
    """Sign out."""
    await request.app[DESK].entrance.sign_out(request[SESSION].token_hash)
    response = web.Response(status=204)
    response.del_cookie(COOKIE, path="/")
    response.del_cookie(SECURE_COOKIE, path="/", secure=True)
    return response


@routes.get("/api/me", role=Role.AGENT, answer=answers.SignedIn)
async def me(request: web.Request) -> web.Response:
    """Read who is signed in."""
    session = request[SESSION]
    return json({"agent": wire.me(session.agent), "csrf": session.csrf})


@routes.get("/api/conversations/{id}", role=Role.AGENT, answer=talk_answers.Card)
async def card(request: web.Request) -> web.Response:
    """Read the customer card of a conversation."""
    agent = request[SESSION].agent
    return json(wire.card(await request.app[DESK].views.card(agent, request.match_info["id"])))


@routes.post("/api/identities/{id}/separate", role=Role.AGENT, answer=answers.Done)
async def separate(request: web.Request) -> web.Response:
    """Take an identity, with its conversations, out of the customer it was joined with."""
    await request.app[DESK].joining.separate(request[SESSION].agent, request.match_info["id"])
    return json({})


@routes.get(
    "/api/conversations/{id}/messages", role=Role.AGENT, query=Older, answer=talk_answers.Messages
)
async def messages(request: web.Request, page: Older) -> web.Response:
    """Read the messages of a conversation before a sequence number."""
    desk = request.app[DESK]
    found = await desk.views.history(
        request[SESSION].agent, request.match_info["id"], page.before, page.limit
    )
    why = await desk.undelivered.reasons(found, language(request))
    return json({"messages": [wire.desk_message(one, why.get(one.id)) for one in found]})
