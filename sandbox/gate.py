"""The one way in for calls of the API: what is switched to fail, the token, the door, the log."""

import asyncio
import json
from typing import Any

from aiohttp import web

from sandbox import customer_service, files, official
from sandbox.accounts import Account, Kind
from sandbox.calls import Answer, Call, Door
from sandbox.media import File
from sandbox.refusals import Refusal
from sandbox.world import World

DOORS: dict[str, Door] = {**official.DOORS, **customer_service.DOORS, **files.DOORS}
MOST_LOGGED = 20_000
BAD_GATEWAY = "<html><body><h1>502 Bad Gateway</h1></body></html>"

WORLD = web.AppKey("world", World)


async def call(request: web.Request) -> web.StreamResponse:
    """Any call under /cgi-bin/."""
    world, body = request.app[WORLD], await request.read()
    entry = world.record.add(
        "call",
        {
            "method": request.method, "path": request.path, "query": dict(request.query),
            "body": _readable(body), "status": None, "answer": None, "fault": "",
        },
    )  # fmt: skip
    if world.faults.slow_s:
        await asyncio.sleep(world.faults.slow_s)
    door = DOORS.get(request.path)
    if door is None:
        entry["status"] = 404
        raise web.HTTPNotFound
    fault, answer = _passed(world, door, request, body)
    entry |= {"fault": fault, "status": 502 if fault == "server_error" else 200}
    if not isinstance(answer, File):
        entry["answer"] = answer
    world.record.changed()
    if fault == "drop" and request.transport is not None:
        request.transport.abort()
    return _response(fault, answer)


def _passed(world: World, door: Door, request: web.Request, body: bytes) -> tuple[str, Answer]:
    """The fault that is due, and the answer that would be given without it."""
    step = world.faults.script.popleft() if door.sends and world.faults.script else None
    fault = _fault(world, door) if step is None else step
    if fault == "server_error":
        return fault, {}
    kind, address = door.kinds[0], str(request.remote)
    try:
        if isinstance(fault, int):
            raise Refusal(fault)
        if request.method != door.method:
            raise Refusal(43002)
        asked = Call(
            dict(request.query), body, request.headers.get("Content-Type", ""),
            str(request.url.origin()), address,
        )  # fmt: skip
        if door.token:
            account = _account(world, door, asked.query.get("access_token", ""))
            kind = account.kind
            asked = Call(
                asked.query, body, asked.mime, asked.origin, address, token_of=account
            )  # fmt: skip
        if (door.token or kind is not Kind.KF) and world.faults.on("ip_blocked"):
            raise Refusal(60020 if kind is Kind.KF else 40164, address)
        answer = door.run(world, asked)
    except Refusal as no:
        return "" if isinstance(fault, int) else fault, no.shape(kind, address)
    return fault, answer


def _fault(world: World, door: Door) -> str:
    if world.faults.on("server_error"):
        return "server_error"
    for name in ("drop", "malformed"):
        if door.sends and world.faults.on(name):
            return name
    return ""


def _account(world: World, door: Door, text: str) -> Account:
    """The three products have hosts of their own, and know nothing of each other's tokens."""
    unknown = 40014 if door.kinds == (Kind.KF,) else 40001
    account = world.tokens.account_of(text, unknown=unknown)
    if account.kind not in door.kinds:
        if Kind.KF in (account.kind, *door.kinds):
            raise Refusal(unknown)
        raise Refusal(48001)
    return account


def _response(fault: str, answer: Answer) -> web.Response:
    if fault == "server_error":
        return web.Response(status=502, text=BAD_GATEWAY, content_type="text/html")
    if isinstance(answer, File):
        named = {"Content-Disposition": f'attachment; filename="{answer.id[:16]}"'}
        return web.Response(body=answer.data, content_type=answer.mime, headers=named)
    text = json.dumps(answer, ensure_ascii=False)
    if fault == "malformed":
        text = text[: len(text) // 2]
    # the real ones say text/plain now and then; a reader must not depend on it
    return web.Response(text=text, content_type="application/json", charset="utf-8")


def _readable(body: bytes) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except (json.JSONDecodeError, UnicodeDecodeError):
        return {"bytes": len(body), "text": body[:MOST_LOGGED].decode(errors="replace")}
