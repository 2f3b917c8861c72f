"""A client of Socket.IO v5 over one WebSocket, written by hand: neither the product's code nor the
library it is built on has a say in what the driver believes.
"""

import asyncio
import itertools
import json
from collections.abc import Callable
from typing import Any

import aiohttp

OPEN_S = 8.0
CLOSE_S = 0.05
MAX_FRAME = 8 * 2**20

Json = dict[str, Any]
Hear = Callable[[str, Json], None]


class Gone(Exception):
    """The connection ended, or fell silent, before the answer came."""


class TurnedAway(Exception):
    """The server did not let this client into the namespace."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Line:
    """One connection, joined to one namespace. `closed` is set when it has ended, however."""

    def __init__(
        self,
        socket: aiohttp.ClientWebSocketResponse,
        namespace: str,
        *,
        hear: Hear,
        raw: Callable[[str], None],
    ) -> None:
        self.closed = asyncio.Event()
        self._socket = socket
        self._namespace = namespace
        self._hear = hear
        self._raw = raw
        self._ids = itertools.count()
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._joined: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._silence_s = OPEN_S
        self._reading = asyncio.create_task(self._read(), name="line")

    @property
    def port(self) -> int:
        """This end's own port, by which a proxy knows the link."""
        return int((self._socket.get_extra_info("sockname") or ("", 0))[1])

    async def call(self, event: str, frame: Json, *, within: float) -> Json:
        """The acknowledgement of one event. Raises Gone, also when it does not come in time."""
        number = next(self._ids)
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            await self._send(f"42{self._namespace},{number}{json.dumps([event, frame])}")
            async with asyncio.timeout(within):
                return await answer
        except TimeoutError as late:
            raise Gone(f"{event}: no answer within {within:g} s") from late
        finally:
            self._waiting.pop(number, None)

    async def close(self) -> None:
        """End it, without waiting for the other side."""
        self._reading.cancel()
        await asyncio.wait([self._reading])
        self._end()
        await self._socket.close()

    async def _join(self, auth: Json) -> None:
        async with asyncio.timeout(OPEN_S):
            await self._send(f"40{self._namespace},{json.dumps(auth)}")
            await self._joined

    async def _send(self, text: str) -> None:
        try:
            await self._socket.send_str(text)
        except (aiohttp.ClientError, OSError) as broken:
            raise Gone(str(broken)) from broken

    async def _read(self) -> None:
        try:
            while True:
                async with asyncio.timeout(self._silence_s):
                    frame = await self._socket.receive()
                if frame.type is not aiohttp.WSMsgType.TEXT:
                    return
                await self._take(frame.data)
        except (TimeoutError, Gone, aiohttp.ClientError, OSError):
            return
        finally:
            self._end()

    async def _take(self, text: str) -> None:
        self._raw(text)
        if text == "2":
            await self._send("3")
        elif text.startswith("0"):
            opened = json.loads(text[1:])
            self._silence_s = (opened["pingInterval"] + opened["pingTimeout"]) / 1000
        elif text.startswith("4"):
            self._packet(text[1], text[2:].removeprefix(f"{self._namespace},"))

    def _packet(self, kind: str, rest: str) -> None:
        if kind == "0" and not self._joined.done():
            self._joined.set_result(None)
        elif kind == "4" and not self._joined.done():
            why = json.loads(rest)
            self._joined.set_exception(TurnedAway(why.get("data", {}).get("code", "refused")))
        elif kind == "2":
            event, payload = json.loads(rest)
            self._hear(event, payload)
        elif kind == "3":
            bracket = rest.index("[")
            answer = self._waiting.pop(int(rest[:bracket]), None)
            if answer is not None and not answer.done():
                answer.set_result(json.loads(rest[bracket:])[0])

    def _end(self) -> None:
        self.closed.set()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(Gone("the connection ended"))
        self._waiting.clear()
        if not self._joined.done():
            self._joined.set_exception(Gone("the connection ended"))
        if not self._joined.cancelled():
            self._joined.exception()  # looked at: nobody may be waiting any more


async def open_line(
    http: aiohttp.ClientSession,
    port: int,
    namespace: str,
    auth: Json,
    *,
    hear: Hear,
    raw: Callable[[str], None],
    cookie: str = "",
) -> Line:
    """Connect and join. Raises Gone or TurnedAway."""
    address = f"127.0.0.1:{port}"
    headers = {"Origin": f"http://{address}", **({"Cookie": cookie} if cookie else {})}
    try:
        async with asyncio.timeout(OPEN_S):
            socket = await http.ws_connect(
                f"ws://{address}/socket.io/?EIO=4&transport=websocket",
                headers=headers,
                max_msg_size=MAX_FRAME,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_S),
            )
    except (TimeoutError, aiohttp.ClientError, OSError) as failed:
        raise Gone(f"cannot connect: {failed}") from failed
    line = Line(socket, namespace, hear=hear, raw=raw)
    try:
        await line._join(auth)
    except TimeoutError as late:
        await line.close()
        raise Gone("not joined in time") from late
    except BaseException:
        await line.close()
        raise
    return line
