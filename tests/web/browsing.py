"""HTTP as a browser does it, with answers read whole; those of /api are as published."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.web.published import wrong_answer


@dataclass
class Browsing:
    """Requests of one session; cookies are given by hand."""

    session: aiohttp.ClientSession

    async def request(self, method: str, address: str, **more: Any) -> aiohttp.ClientResponse:
        async with self.session.request(method, address, **more) as answer:
            body = await answer.read()
            wrong = wrong_answer(method, str(answer.url), answer.status, answer.content_type, body)
            assert wrong == [], wrong
            return answer

    async def get(self, address: str, **more: Any) -> aiohttp.ClientResponse:
        return await self.request("GET", address, **more)

    async def post(self, address: str, **more: Any) -> aiohttp.ClientResponse:
        return await self.request("POST", address, **more)

    async def put(self, address: str, **more: Any) -> aiohttp.ClientResponse:
        return await self.request("PUT", address, **more)

    async def delete(self, address: str, **more: Any) -> aiohttp.ClientResponse:
        return await self.request("DELETE", address, **more)


@asynccontextmanager
async def browsing(**options: Any) -> AsyncIterator[Browsing]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), **options) as session:
        yield Browsing(session)
