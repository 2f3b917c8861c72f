"""The chat page, and the switches under `/_/` that it and tests use.

What is posted must be called JSON: a page of somebody else in the same browser cannot do that
without asking first, and is not answered when it asks.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from sandbox.accounts import Account
from sandbox.faults import WrongFault
from sandbox.gate import WORLD
from sandbox.people import PEOPLE, Person, address_of
from sandbox.said import Act, WrongAct
from sandbox.site import SITE, language, rendered
from sandbox.world import World

SHOWN_PUSHES = 30
PAUSE_S = 0.05
ALIVE_S = 15.0
T = TypeVar("T")
FILE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


class Deed(msgspec.Struct, forbid_unknown_fields=True):
    account: str
    person: str
    act: Act


class Move(msgspec.Struct, forbid_unknown_fields=True):
    """Seconds ahead of where the clock is, or back to the true time."""

    advance: float = 0.0
    reset: bool = False


class Check(msgspec.Struct, forbid_unknown_fields=True):
    account: str


async def index(request: web.Request) -> web.Response:
    world, lang = request.app[WORLD], language(request)
    boot = {
        "lang": lang,
        "accounts": [{"name": one.name, "title": one.title} for one in world.accounts],
        "people": [
            {"id": one.id, "name": one.name, "city": one.city, "tone": one.tone} for one in PEOPLE
        ],
    }
    text = rendered(request.app[SITE], lang, boot)
    response = web.Response(text=text, content_type="text/html", charset="utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


async def static(request: web.Request) -> web.StreamResponse:
    dist, name = request.app[SITE].dist, request.match_info["file"]
    if dist is None or not FILE.fullmatch(name) or not (dist / name).is_file():
        raise web.HTTPNotFound
    return web.FileResponse(dist / name)


async def state(request: web.Request) -> web.Response:
    return _json(_state(request.app[WORLD], *_who(request)))


async def events(request: web.Request) -> web.StreamResponse:
    """The state of one chat, again whenever something changes."""
    world, who = request.app[WORLD], _who(request)
    response = web.StreamResponse(headers={"Cache-Control": "no-store"})
    response.content_type = "text/event-stream"
    await response.prepare(request)
    changed = world.record.watch()
    try:
        while True:
            changed.clear()
            data = json.dumps(_state(world, *who), ensure_ascii=False)
            await response.write(f"data: {data}\n\n".encode())
            try:
                async with asyncio.timeout(ALIVE_S):
                    await changed.wait()
                await asyncio.sleep(PAUSE_S)  # several changes at once are one event
            except TimeoutError:
                continue  # windows and typing run out without anybody doing anything
    except ConnectionResetError:
        return response
    finally:
        world.record.leave(changed)


async def act(request: web.Request) -> web.Response:
    """`?wait=1` answers when the callback has been taken, or has failed."""
    world = request.app[WORLD]
    deed = await _body(request, Deed)
    account, person = _found(world, deed.account, deed.person)
    try:
        line = world.act(account, person, deed.act, str(request.url.origin()))
    except WrongAct as wrong:
        return _wrong(str(wrong))
    if request.query.get("wait"):
        await world.pusher.settled()
    return _json({**line.shape(), "msgid": line.msgid})


async def faults(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    if request.method == "POST":
        given = await _body(request, dict[str, Any])
        if given.pop("expire_tokens", False):
            world.tokens.expire()
        if given.pop("revoke_tokens", False):
            world.tokens.revoke()
        try:
            world.faults.change(given)
        except WrongFault as wrong:
            return _wrong(str(wrong))
        world.record.changed()
    return _json(world.faults.shown())


async def clock(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    if request.method == "POST":
        move = await _body(request, Move)
        if move.reset:
            world.clock.reset()
        world.clock.move(move.advance)
        world.record.changed()
    return _json({"now": world.clock.now(), "ahead": world.clock.ahead})


async def verify(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    account = _account(world, (await _body(request, Check)).account)
    world.verified[account.name] = reason = await world.pusher.verify(account)
    world.record.changed()
    return _json({"ok": not reason, "reason": reason})


async def log(request: web.Request) -> web.Response:
    """`?after=SEQ` and `?kind=call|push|verify` narrow it."""
    world = request.app[WORLD]
    if request.method == "DELETE":
        world.record.clear()
    after = request.query.get("after", "0")
    if not after.isdecimal():
        return _wrong("`after` is not a number")
    return _json({"items": world.record.after(int(after), request.query.get("kind", ""))})


async def settle(request: web.Request) -> web.Response:
    """Answers when no callback is under way."""
    await request.app[WORLD].pusher.settled()
    return _json({})


async def file(request: web.Request) -> web.Response:
    """A file by its id, for the phone and as PicUrl."""
    found = request.app[WORLD].media.get(request.match_info["id"])
    if found is None:
        raise web.HTTPNotFound
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    return web.Response(body=found.data, content_type=found.mime, headers=headers)


@web.middleware
async def only_json(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    own = request.path.startswith("/_/") and request.method == "POST"
    if own and request.content_type != "application/json":
        return _wrong("Content-Type is not application/json", status=415)
    return await handler(request)


def _state(world: World, account: Account, person: Person) -> dict[str, Any]:
    chat = world.chat(account, person)
    pushes = [
        {
            "seq": one["seq"], "account": one["account"], "state": one["state"],
            "tries": len(one["tries"]), "reason": one.get("reason", ""),
            "type": one["message"].get("Event") or one["message"].get("MsgType", ""),
        }
        for one in world.record.after(0, "push")[-SHOWN_PUSHES:]
    ]  # fmt: skip
    return {
        **chat.shape(world.clock.now()),
        "user": address_of(account, person),
        "ahead": world.clock.ahead,
        "faults": world.faults.shown(),
        "pushes": pushes,
        "hook": account.hook,
        "verified": world.verified.get(account.name),
    }


def _who(request: web.Request) -> tuple[Account, Person]:
    names = (request.query.get("account", ""), request.query.get("person", ""))
    return _found(request.app[WORLD], *names)


def _found(world: World, account: str, person: str) -> tuple[Account, Person]:
    people = [one for one in PEOPLE if one.id == person]
    if not people:
        raise web.HTTPNotFound(text=f"no person {person!r}")
    return _account(world, account), people[0]


def _account(world: World, name: str) -> Account:
    found = world.account(name)
    if found is None:
        raise web.HTTPNotFound(text=f"no account {name!r}")
    return found


async def _body(request: web.Request, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.read(), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise web.HTTPBadRequest(text=str(wrong)) from wrong


def _json(value: Any) -> web.Response:
    return web.Response(text=json.dumps(value, ensure_ascii=False), content_type="application/json")


def _wrong(reason: str, *, status: int = 400) -> web.Response:
    return web.Response(text=reason, status=status)
