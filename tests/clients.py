"""Outside clients of the two namespaces, over a real socket: they know the wire, nothing else."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import socketio

from tests.program import PASSWORD, Program

WITHIN_S = 30.0

Event = tuple[str, dict[str, Any]]


@dataclass
class Client:
    """A connection that remembers every event and lets a test wait for one."""

    namespace: str
    socket: socketio.AsyncClient = field(
        default_factory=lambda: socketio.AsyncClient(reconnection=False)
    )
    events: list[Event] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    me: dict[str, Any] = field(default_factory=dict)
    cut: asyncio.Event = field(default_factory=asyncio.Event)

    async def connect(self, address: str, auth: Any, headers: dict[str, str]) -> None:
        self.socket.on("*", self._hear, namespace=self.namespace)
        self.socket.on("disconnect", self._end, namespace=self.namespace)
        await self.socket.connect(
            address,
            headers=dict(headers),  # the library takes the cookie out of it
            transports=["websocket"],
            namespaces=[self.namespace],
            auth=auth,
            wait_timeout=5,
        )

    async def call(self, event: str, **frame: Any) -> dict[str, Any]:
        return await self.send(event, frame)

    async def send(self, event: str, frame: Any) -> dict[str, Any]:
        """Any payload, right or wrong; returns the acknowledgement."""
        answer = await self.socket.call(
            event, frame, namespace=self.namespace, timeout=int(WITHIN_S)
        )
        assert isinstance(answer, dict)
        return answer

    async def say(self, text: str, **more: Any) -> dict[str, Any]:
        more.setdefault("client_id", str(uuid.uuid4()))
        return await self.call("say", text=text, **more)

    async def event(
        self, name: str, fits: Callable[[dict[str, Any]], bool] = lambda _: True
    ) -> dict[str, Any]:
        """The first event of a name that fits, come or still to come."""

        def found() -> dict[str, Any] | None:
            return next((data for one, data in self.events if one == name and fits(data)), None)

        async with self.changed:
            await asyncio.wait_for(self.changed.wait_for(lambda: found() is not None), WITHIN_S)
        data = found()
        assert data is not None
        return data

    def texts(self) -> list[str]:
        return [data["text"] for name, data in self.events if name == "message"]

    async def close(self) -> None:
        await self.socket.disconnect()

    async def _end(self, reason: str) -> None:
        self.cut.set()

    async def _hear(self, event: str, *args: Any) -> None:
        async with self.changed:
            self.events.append((event, args[0] if args else {}))
            self.changed.notify_all()


@asynccontextmanager
async def shopper(program: Program, key: str, **auth: Any) -> AsyncIterator[Client]:
    client = Client("/widget")
    await client.connect(program.address, {"inbox": key, **auth}, {})
    try:
        yield client
    finally:
        await client.close()


async def sign_in(
    program: Program, name: str, password: str = PASSWORD
) -> tuple[dict[str, Any], str]:
    """The login's answer and the cookie header."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        async with http.post(
            f"{program.address}/api/login", json={"name": name, "password": password}
        ) as answer:
            assert answer.status == 200, await answer.text()
            body = await answer.json()
        cookie = "; ".join(f"{one.key}={one.value}" for one in http.cookie_jar)
    return body, cookie


@asynccontextmanager
async def agent(
    program: Program, name: str, password: str = PASSWORD, *, sync: bool = True
) -> AsyncIterator[Client]:
    body, cookie = await sign_in(program, name, password)
    client = Client("/desk", me=body["agent"])
    headers = {"Origin": program.address, "Cookie": cookie}
    await client.connect(program.address, {"csrf": body["csrf"]}, headers)
    try:
        if sync:
            answer = await client.call("sync")
            assert answer["ok"], answer
        yield client
    finally:
        await client.close()
