"""A shop's server for tests: it checks and opens callbacks by the formulas of the documents.

Written with the standard library's own hashing and a cipher used here a second time, so that a
mistake in the stand-in is not shared.
"""

import asyncio
import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from sandbox import Account, Kind


def sha1_of(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def opened(account: Account, sealed: str) -> str:
    key = base64.b64decode(account.aes_key + "=")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = decryptor.update(base64.b64decode(sealed)) + decryptor.finalize()
    plain = plain[16 : -plain[-1]]
    size = int.from_bytes(plain[:4], "big")
    assert plain[4 + size :].decode() == account.app_id
    return plain[4 : 4 + size].decode()


def tag(xml: str, name: str) -> str:
    found = re.search(rf"<{name}>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</{name}>", xml, re.DOTALL)
    return "" if found is None else found.group(1) or found.group(2) or ""


@dataclass
class Endpoint:
    """Notes what it is sent; `answers` are given one after the other, then `success`."""

    accounts: list[Account] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    refused: int = 0
    answers: list[tuple[int, str]] = field(default_factory=list)
    silent: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/hooks/{kind}", self.checked)
        app.router.add_post("/hooks/{kind}", self.pushed)
        return app

    async def checked(self, request: web.Request) -> web.Response:
        account, query = self._account(request), request.query
        word = query["echostr"]
        if account.kind is Kind.KF:
            parts = (account.token, query["timestamp"], query["nonce"], word)
            assert sha1_of(*parts) == query["msg_signature"]
            return web.Response(text=opened(account, word))
        assert sha1_of(account.token, query["timestamp"], query["nonce"]) == query["signature"]
        return web.Response(text=word)

    async def pushed(self, request: web.Request) -> web.Response:
        account, query, body = self._account(request), request.query, await request.text()
        sealed = json.loads(body).get("Encrypt") if body[:1] == "{" else tag(body, "Encrypt")
        parts = (account.token, query["timestamp"], query["nonce"], sealed or "")
        if not sealed or sha1_of(*parts) != query.get("msg_signature"):
            self.refused += 1
            return web.Response(status=403)
        self.heard.append(opened(account, sealed))
        if self.silent:
            self.silent -= 1
            await self.released.wait()
        status, text = self.answers.pop(0) if self.answers else (200, "success")
        return web.Response(status=status, text="" if account.kind is Kind.KF else text)

    def _account(self, request: web.Request) -> Account:
        kind = request.match_info["kind"]
        return next(one for one in self.accounts if one.kind == kind)


def message(text: str) -> dict[str, Any]:
    """What was heard, when it is JSON."""
    value: dict[str, Any] = json.loads(text)
    return value
