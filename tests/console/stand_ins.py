"""The whole program beside the stand-in for WeChat, each with its own reading of the documents."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from console import control, stand_in
from sandbox import WORLD, Account, Kind, application
from sandbox.chats import Chat, Line
from sandbox.people import PEOPLE
from sandbox.said import Act
from sandbox.world import World
from tests.program import Program

WITHIN_S = 30.0
LIN = PEOPLE[0]


@dataclass
class Phone:
    """林小满's phone, and the platform behind it."""

    world: World
    url: str

    def account(self, kind: Kind) -> Account:
        return next(one for one in self.world.accounts if one.kind is kind)

    def chat(self, kind: Kind) -> Chat:
        return self.world.chat(self.account(kind), LIN)

    def does(self, kind: Kind, type_: str, **more: Any) -> Line:
        return self.world.act(self.account(kind), LIN, Act(type=type_, **more), self.url)

    def shows(self, kind: Kind) -> list[str]:
        """What the shop's messages say there; a file by its type."""
        lines = [one for one in self.chat(kind).lines if not one.own]
        return [one.data.get("text", f"[{one.type}]") for one in lines]

    async def until(self, fits: Callable[[], bool]) -> None:
        changed = self.world.record.watch()
        try:
            async with asyncio.timeout(WITHIN_S):
                while not fits():
                    await changed.wait()
                    changed.clear()
        finally:
            self.world.record.leave(changed)

    def calls(self, path: str) -> list[dict[str, Any]]:
        return [one for one in self.world.record.after(0, "call") if one["path"].endswith(path)]


@asynccontextmanager
async def phone(program: Program) -> AsyncIterator[Phone]:
    """A stand-in in this process whose accounts are inboxes of the program."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"

        def do(request: dict[str, Any]) -> dict[str, Any]:
            reply = control.ask(program.data, request)
            assert reply is not None
            return reply

        accounts = stand_in.prepare(
            program.data, do, api=url, console=program.address, lang="zh-CN"
        )
        app = application(accounts)
        runner = web.AppRunner(app, shutdown_timeout=1.0)
        await runner.setup()
        await web.SockSite(runner, server).start()
        try:
            yield Phone(app[WORLD], url)
        finally:
            await runner.cleanup()
