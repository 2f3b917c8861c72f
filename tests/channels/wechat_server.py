"""WeChat's side of the wire, as strict as its documents: passes that end, words refused with a code
inside HTTP 200, pages of messages, and callbacks sealed by a hand of its own.

It shares no code with the adapters; what it knows is the protocol's. `faults` are scripted ends of
the next calls that say something: an errcode, or `silence`, a `cut` line, `http NNN`, `garbage`.
"""

import asyncio
import base64
import hashlib
import json
import os
import struct
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

APP, SECRET, TOKEN = "wx0123456789abcdef", "app secret", "callbacktoken"
AES = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
CORP, KF = "ww12345678910", "wkAJ2GCAAA"

Json = dict[str, Any]

MESSAGES = {
    "text": {"content"},
    "image": {"media_id"},
    "voice": {"media_id"},
    "video": {"media_id", "thumb_media_id", "title", "description"},
    "news": {"articles"},
    "msgmenu": {"head_content", "list", "tail_content"},
    "miniprogrampage": {"title", "appid", "pagepath", "thumb_media_id"},
    "link": {"title", "description", "url", "thumb_url"},
}
KF_MESSAGES = {
    "text": {"content"},
    "image": {"media_id"},
    "voice": {"media_id"},
    "video": {"media_id"},
    "file": {"media_id"},
    "link": {"title", "desc", "url", "thumb_media_id"},
    "miniprogram": {"appid", "title", "thumb_media_id", "pagepath"},
    "msgmenu": {"head_content", "list", "tail_content"},
}


@dataclass
class WechatServer:
    """`said` is what reached people, in order; `refused` every code but 0 with its path."""

    url: str = ""
    people: set[str] = field(default_factory=lambda: {"oUser"})
    passes: list[str] = field(default_factory=list)
    asked: int = 0
    blocked: int = 0
    said: list[Json] = field(default_factory=list)
    tried: int = 0
    refused: list[tuple[str, int]] = field(default_factory=list)
    faults: list[int | str] = field(default_factory=list)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    videos: dict[str, str] = field(default_factory=dict)
    typing: list[str] = field(default_factory=list)
    pages: list[list[Json]] = field(default_factory=list)
    synced: list[Json] = field(default_factory=list)
    bell: str = "bell-1"
    states: dict[str, int] = field(default_factory=dict)
    names: dict[str, Json] = field(default_factory=dict)
    unions: dict[str, str] = field(default_factory=dict)
    asked_about: list[str] = field(default_factory=list)
    welcomed: list[Json] = field(default_factory=list)
    furthest: int = 0
    stuck: bool = False
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    typed: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def expire(self) -> None:
        """Every pass handed out so far is over."""
        self.passes.append("nobody's")

    async def seen(self, pages: int) -> None:
        """Wait until so many pages were asked for; a page asked for again counts once."""
        async with asyncio.timeout(30), self.changed:
            await self.changed.wait_for(lambda: self.furthest >= pages)

    def texts(self) -> list[str]:
        return [one["text"]["content"] for one in self.said if one["msgtype"] == "text"]

    def _new_pass(self) -> web.Response:
        self.asked += 1
        if self.blocked:
            self.refused.append(("token", self.blocked))
            said = "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 6-1"
            return web.json_response({"errcode": self.blocked, "errmsg": said})
        self.passes.append(f"pass-{self.asked}")
        return web.json_response({"access_token": self.passes[-1], "expires_in": 7200})

    async def stable_token(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if set(asked) != {"grant_type", "appid", "secret", "force_refresh"}:
            return self._no(request, 47001)
        if (asked["appid"], asked["secret"]) != (APP, SECRET):
            return self._no(request, 40013 if asked["appid"] != APP else 40001)
        return self._new_pass()

    async def gettoken(self, request: web.Request) -> web.Response:
        asked = dict(request.query)
        if asked != {"corpid": CORP, "corpsecret": SECRET}:
            return self._no(request, 40013 if asked.get("corpid") != CORP else 40001)
        return self._new_pass()

    async def send(self, request: web.Request) -> web.Response:
        """custom/send."""
        self.tried += 1
        code, body = await self._body(request)
        code = code or self._fault_in(body, "touser", MESSAGES)
        ended = await self._scripted(request, code, body)
        return ended or self._yes()

    async def kf_send(self, request: web.Request) -> web.Response:
        self.tried += 1
        code, body = await self._body(request)
        code = code or self._fault_in(body, "touser", KF_MESSAGES)
        if not code and body.get("open_kfid") != KF:
            code = 95000
        if not code and not (body["msgid"].replace("-", "x").isalnum() and len(body["msgid"]) < 33):
            code = 40058
        if not code and self.states.get(body["touser"], 0) not in (0, 1):
            code = 95018
        ended = await self._scripted(request, code, body)
        return ended or self._yes(msgid=body["msgid"])

    async def send_on_event(self, request: web.Request) -> web.Response:
        code, body = await self._body(request)
        if code:
            return self._no(request, code)
        self.welcomed.append(body)
        return self._yes(msgid="m")

    async def show_typing(self, request: web.Request) -> web.Response:
        code, body = await self._body(request)
        if code or set(body) != {"touser", "command"}:
            return self._no(request, code or 45072)
        if body["touser"] in self.typing:
            return self._no(request, 45081)
        self.typing.append(body["touser"])
        self.typed.set()
        return self._yes()

    async def upload(self, request: web.Request) -> web.Response:
        if code := self._pass(request):
            return self._no(request, code)
        form = await request.post()
        part = form.get("media")
        if set(form) != {"media"} or not isinstance(part, web.FileField) or not part.filename:
            return self._no(request, 41005)
        media_id = f"media-{len(self.files) + 1}"
        self.files[media_id] = (part.content_type, part.file.read())
        return self._yes(type=request.query["type"], media_id=media_id, created_at=1)

    async def download(self, request: web.Request) -> web.Response:
        media_id = request.query["media_id"]
        if code := self._pass(request):
            return self._no(request, code)
        if media_id in self.videos:
            return web.json_response({"video_url": self.videos[media_id]})
        if media_id not in self.files:
            return self._no(request, 40007)
        kind, body = self.files[media_id]
        named = {"Content-Disposition": 'attachment; filename="a.bin"'}
        return web.Response(body=body, content_type=kind, headers=named)

    async def user_info(self, request: web.Request) -> web.Response:
        """Without a name, as for nearly all accounts today."""
        if code := self._pass(request):
            return self._no(request, code)
        person = request.query["openid"]
        if person not in self.unions:
            return self._no(request, 40003)
        self.asked_about.append(person)
        told = {"subscribe": 1, "openid": person, "nickname": "", "headimgurl": ""}
        return web.json_response({**told, "unionid": self.unions[person]})

    async def sync(self, request: web.Request) -> web.Response:
        """One page a call; the cursor is the number of pages seen."""
        code, body = await self._body(request)
        if not code and body.get("token", self.bell) not in (self.bell, ""):
            code = 95007
        if not code and body.get("open_kfid") != KF:
            code = 95000
        if code:
            return self._no(request, code)
        self.synced.append(body)
        seen = int(body["cursor"].partition("c")[2] or 0)
        found = self.pages[seen] if seen < len(self.pages) else []
        after = min(seen + 1, len(self.pages))
        async with self.changed:
            self.furthest = max(self.furthest, after)
            self.changed.notify_all()
        more = int(after < len(self.pages))
        if self.stuck:
            after, more = seen, 1
        return self._yes(next_cursor=f"c{after}", has_more=more, msg_list=found)

    async def state(self, request: web.Request) -> web.Response:
        code, body = await self._body(request)
        if code:
            return self._no(request, code)
        return self._yes(service_state=self.states.get(body["external_userid"], 0))

    async def trans(self, request: web.Request) -> web.Response:
        code, body = await self._body(request)
        now = self.states.get(body.get("external_userid", ""), 0)
        allowed = {0: {1, 2, 3, 4}, 1: {2, 3, 4}, 2: {3, 4}, 3: {3, 4}, 4: set[int]()}
        if not code and body["service_state"] not in allowed[now]:
            code = 95016
        if code:
            return self._no(request, code)
        self.states[body["external_userid"]] = body["service_state"]
        return self._yes()

    async def customers(self, request: web.Request) -> web.Response:
        code, body = await self._body(request)
        if code or len(body["external_userid_list"]) > 100:
            return self._no(request, code or 40058)
        found = [
            {"external_userid": one, **self.names[one]}
            for one in body["external_userid_list"]
            if one in self.names
        ]
        return self._yes(customer_list=found)

    async def _body(self, request: web.Request) -> tuple[int, Json]:
        """The code of what is wrong with the frame of a call, and what is in it."""
        raw = await request.read()
        if b"\\u" in raw:
            return 40033, {}
        try:
            body = json.loads(raw)
        except ValueError:
            return 47001, {}
        return self._pass(request), body

    def _pass(self, request: web.Request) -> int:
        given = request.query.get("access_token")
        if not given:
            return 41001
        return 0 if self.passes and given == self.passes[-1] else 42001

    def _fault_in(self, body: Json, to: str, kinds: dict[str, set[str]]) -> int:
        kind = body.get("msgtype", "")
        if body.get(to) not in self.people:
            return 40003
        if kind not in kinds:
            return 40008
        if not set(body[kind]) <= kinds[kind]:
            return 47001
        if kind == "text":
            size = len(body["text"]["content"].encode())
            return 44004 if not body["text"]["content"].strip() else 45002 if size > 2048 else 0
        media_id = body[kind].get("media_id")
        return 40007 if media_id is not None and media_id not in self.files else 0

    async def _scripted(self, request: web.Request, code: int, body: Json) -> web.Response | None:
        if code:
            return self._no(request, code)
        fault = self.faults.pop(0) if self.faults else 0
        if isinstance(fault, int) and fault:
            return self._no(request, fault)
        if isinstance(fault, str) and fault.startswith("http"):
            return web.Response(status=int(fault[5:]), text="<html>")
        self.said.append(body)
        if fault == "garbage":
            return web.Response(text="<html>ok</html>")
        if fault == "cut":
            assert request.transport is not None
            request.transport.abort()
        if fault == "silence":
            await self.released.wait()
        return None

    def _yes(self, **more: Any) -> web.Response:
        return web.json_response({"errcode": 0, "errmsg": "ok", **more})

    def _no(self, request: web.Request, code: int) -> web.Response:
        self.refused.append((request.path, code))
        return web.json_response({"errcode": code, "errmsg": f"no rid: {code}"})


@asynccontextmanager
async def wechat_server() -> AsyncIterator[WechatServer]:
    """Listens on loopback."""
    server = WechatServer()
    app = web.Application(client_max_size=32 * 1024 * 1024)
    post, get = app.router.add_post, app.router.add_get
    post("/cgi-bin/stable_token", server.stable_token)
    get("/cgi-bin/gettoken", server.gettoken)
    post("/cgi-bin/message/custom/send", server.send)
    post("/cgi-bin/message/custom/typing", server.show_typing)
    post("/cgi-bin/message/custom/business/typing", server.show_typing)
    post("/cgi-bin/media/upload", server.upload)
    get("/cgi-bin/media/get", server.download)
    get("/cgi-bin/user/info", server.user_info)
    post("/cgi-bin/kf/sync_msg", server.sync)
    post("/cgi-bin/kf/send_msg", server.kf_send)
    post("/cgi-bin/kf/send_msg_on_event", server.send_on_event)
    post("/cgi-bin/kf/service_state/get", server.state)
    post("/cgi-bin/kf/service_state/trans", server.trans)
    post("/cgi-bin/kf/customer/batchget", server.customers)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        server.released.set()
        await runner.cleanup()


def sealed(
    text: str, *, receiver: str = APP, token: str = TOKEN, at: float | None = None, nonce: str = ""
) -> tuple[dict[str, str], str]:
    """A callback's query and ciphertext, as WeChat makes them."""
    key, body = base64.b64decode(AES + "="), text.encode()
    plain = os.urandom(16) + struct.pack(">I", len(body)) + body + receiver.encode()
    pad = 32 - len(plain) % 32
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    cipher = base64.b64encode(encryptor.update(plain + bytes([pad] * pad))).decode()
    stamp, nonce = str(int(time.time() if at is None else at)), nonce or os.urandom(8).hex()
    return {
        "signature": sha1(token, stamp, nonce),
        "timestamp": stamp,
        "nonce": nonce,
        "encrypt_type": "aes",
        "msg_signature": sha1(token, stamp, nonce, cipher),
    }, cipher


def sha1(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def enveloped(cipher: str, to: str = "gh_1") -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[{to}]]></ToUserName>"
        f"<Encrypt><![CDATA[{cipher}]]></Encrypt></xml>"
    ).encode()


def message(kind: str = "text", person: str = "oUser", **fields: object) -> str:
    """The XML of one message or event."""
    given = {"ToUserName": "gh_1", "FromUserName": person, "CreateTime": 1767605400} | {
        "MsgType": kind,
        **fields,
    }
    return (
        "<xml>"
        + "".join(f"<{name}>{_value(one)}</{name}>" for name, one in given.items())
        + ("</xml>")
    )


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "".join(f"<{name}>{_value(one)}</{name}>" for name, one in value.items())
    return str(value) if isinstance(value, int) else f"<![CDATA[{value}]]>"
