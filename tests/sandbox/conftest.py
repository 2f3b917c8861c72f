"""The stand-in in this process, beside a small shop that it calls."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from console.shipped import DIST
from sandbox import WORLD, Account, Kind, application, new_account
from sandbox.chats import Chat
from sandbox.people import PEOPLE, address_of
from sandbox.world import World
from tests.browser.conftest import browser, new_page
from tests.sandbox.endpoint import Endpoint

__all__ = ["browser", "new_page"]

ANSWER_S = 0.15
LIN = PEOPLE[0]


@dataclass
class Far:
    """The stand-in, seen by the shop (`get`, `post`) and by whoever plays with it (`play`)."""

    url: str
    http: aiohttp.ClientSession
    world: World
    endpoint: Endpoint
    tokens: dict[Kind, str] = field(default_factory=dict)

    def account(self, kind: Kind = Kind.OFFICIAL) -> Account:
        return next(one for one in self.world.accounts if one.kind is kind)

    def user(self, kind: Kind = Kind.OFFICIAL) -> str:
        return address_of(self.account(kind), LIN)

    def chat(self, kind: Kind = Kind.OFFICIAL) -> Chat:
        return self.world.chat(self.account(kind), LIN)

    async def play(self, path: str, **body: Any) -> Any:
        async with self.http.post(f"{self.url}/_/{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def act(self, type_: str, kind: Kind = Kind.OFFICIAL, **more: Any) -> Any:
        """林小满 does something; returns when the shop has taken it, or has not."""
        deed = {"type": type_, **more}
        return await self.play("act?wait=1", account=kind, person=LIN.id, act=deed)

    async def log(self, kind: str) -> list[dict[str, Any]]:
        async with self.http.get(f"{self.url}/_/log", params={"kind": kind}) as answer:
            items: list[dict[str, Any]] = (await answer.json())["items"]
            return items

    async def get(self, path: str, **query: str) -> Any:
        async with self.http.get(f"{self.url}/cgi-bin/{path}", params=query) as answer:
            assert answer.status == 200
            return await answer.json()

    async def token(self, kind: Kind = Kind.OFFICIAL) -> str:
        """Kept, as a shop would."""
        if kind not in self.tokens:
            mine = self.account(kind)
            if kind is Kind.KF:
                given = await self.get("gettoken", corpid=mine.app_id, corpsecret=mine.secret)
            else:
                given = await self.get(
                    "token", grant_type="client_credential", appid=mine.app_id, secret=mine.secret
                )
            self.tokens[kind] = given["access_token"]
        return self.tokens[kind]

    async def post(self, path: str, body: Any, kind: Kind = Kind.OFFICIAL) -> Any:
        """A call with a good token; `body` as JSON, or as it is when it is bytes."""
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        query = {"access_token": await self.token(kind)}
        async with self.http.post(f"{self.url}/cgi-bin/{path}", params=query, data=data) as answer:
            assert answer.status == 200
            return await answer.json()

    async def say(self, text: str, kind: Kind = Kind.OFFICIAL, **more: Any) -> Any:
        """The shop sends a text."""
        body = {"touser": self.user(kind), "msgtype": "text", "text": {"content": text}, **more}
        if kind is Kind.KF:
            account = self.account(kind).address
            return await self.post("kf/send_msg", {"open_kfid": account, **body}, kind)
        return await self.post("message/custom/send", body, kind)


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    endpoint = Endpoint()
    async with TestServer(endpoint.application()) as shop:
        hooks = {kind: str(shop.make_url(f"/hooks/{kind}")) for kind in Kind}
        endpoint.accounts = [new_account(kind, str(kind), hook=hooks[kind]) for kind in Kind]
        app = application(endpoint.accounts, dist=DIST, answer_s=ANSWER_S)
        async with TestServer(app) as server, aiohttp.ClientSession() as http:
            url = str(server.make_url("")).rstrip("/")
            yield Far(url, http, app[WORLD], endpoint)
            endpoint.released.set()
