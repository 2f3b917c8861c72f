"""A client that speaks Engine.IO by hand, so that it can say what no library would."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.program import Program

PATH = "/socket.io/?EIO=4&transport=websocket"
WITHIN_S = 10.0


@dataclass
class Raw:
    """One WebSocket; frames go and come as text."""

    socket: aiohttp.ClientWebSocketResponse

    async def send(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            await self.socket.send_bytes(frame)
        else:
            await self.socket.send_str(frame)

    async def receive(self) -> str:
        message = await self.socket.receive(timeout=WITHIN_S)
        assert message.type is aiohttp.WSMsgType.TEXT, message
        return str(message.data)

    async def until(self, start: str) -> str:
        """The next frame that begins so."""
        while not (frame := await self.receive()).startswith(start):
            pass
        return frame

    async def join(self, key: str) -> None:
        await self.send("40/widget," + json.dumps({"inbox": key}))
        await self.until("40/widget,")

    async def ask(self, event: str, frame: Any, *, ack: int = 7) -> Any:
        await self.send(f"42/widget,{ack}{json.dumps([event, frame])}")
        answer = await self.until(f"43/widget,{ack}")
        return json.loads(answer.removeprefix(f"43/widget,{ack}"))[0]

    async def closed(self) -> int | None:
        """Waits until the server ends the connection; its close code, None where it hung up."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                message = await self.socket.receive()
                if message.type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR):
                    return self.socket.close_code
                if message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING):
                    return self.socket.close_code


@asynccontextmanager
async def raw(program: Program, **options: Any) -> AsyncIterator[Raw]:
    """Opened, and past the server's hello."""
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{program.address}{PATH}", **options) as socket,
    ):
        one = Raw(socket)
        assert (await one.receive()).startswith("0{")
        yield one
