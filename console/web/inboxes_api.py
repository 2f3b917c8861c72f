"""Channel accounts over HTTP: listed with their forms, added, changed, checked. Secrets only go in.

A channel's own `Config` says which settings there are; the page draws its form from that.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated

import aiohttp
from aiohttp import web
from msgspec import Meta, field

from channels.base import Wire
from console.desk.forms import Value
from console.model.refusal import Refused
from console.model.words import Role
from console.web import inbox_answers as answers
from console.web import inbox_wire, shapes
from console.web.language import language
from console.web.routes import DESK, SESSION, Routes, json

Lines = Callable[[], AbstractAsyncContextManager[aiohttp.ClientSession]]
LINES: web.AppKey[Lines] = web.AppKey("lines")

routes = Routes()

Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"\S")]


class NewInbox(shapes.Shape):
    """A channel account; which settings its kind has, the list tells."""

    kind: shapes.Short
    name: Name
    config: Annotated[dict[str, Value], Meta(max_length=100)] = field(default_factory=dict)


class Change(shapes.Shape):
    """What is left out stays, secrets too."""

    name: Name | None = None
    config: Annotated[dict[str, Value], Meta(max_length=100)] = field(default_factory=dict)


@routes.get("/api/inboxes", role=Role.OWNER, answer=answers.InboxList)
async def inboxes(request: web.Request) -> web.Response:
    """Read the channel accounts, and which settings each kind has."""
    desk = request.app[DESK]
    found = await desk.inboxes.of(request[SESSION].agent.shop_id)
    return json(inbox_wire.listed(found, desk.inboxes))


@routes.post(
    "/api/inboxes", role=Role.OWNER, body=NewInbox, answer=answers.InboxSettings, status=201,
    refuses=("conflict",),
)  # fmt: skip
async def add(request: web.Request, asked: NewInbox) -> web.Response:
    """Add a channel account; what is wrong is named, every setting of it."""
    desk, agent = request.app[DESK], request[SESSION].agent
    if asked.kind not in desk.inboxes.known:
        raise Refused("invalid", f"`kind`: there is no channel {asked.kind!r}")
    one = await desk.inboxes.add(agent.shop_id, asked.kind, asked.name, asked.config, by=agent.id)
    return json(inbox_wire.inbox(one, desk.inboxes), status=201)


@routes.patch(
    "/api/inboxes/{id}", role=Role.OWNER, body=Change, answer=answers.InboxSettings,
    refuses=("conflict",),
)  # fmt: skip
async def change(request: web.Request, asked: Change) -> web.Response:
    """Change a channel account; it holds at once. What is left out stays, secrets too."""
    desk, agent = request.app[DESK], request[SESSION].agent
    one = await desk.inboxes.change(
        agent.shop_id, request.match_info["id"], asked.name, asked.config, by=agent.id
    )
    return json(inbox_wire.inbox(one, desk.inboxes))


@routes.post("/api/inboxes/{id}/check", role=Role.OWNER, answer=answers.InboxChecked)
async def check(request: web.Request) -> web.Response:
    """Try the settings at the provider, and tell what is missing."""
    desk = request.app[DESK]
    inbox = await desk.inboxes.one(request[SESSION].agent.shop_id, request.match_info["id"])
    async with request.app[LINES]() as http:
        findings = await desk.checking.check(inbox, Wire(http, desk.tokens))
    return json(inbox_wire.checked(findings, language(request)))
