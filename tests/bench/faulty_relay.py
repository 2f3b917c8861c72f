"""A relay on the anchor's wire that loses, doubles and invents, each a known number of times."""

import asyncio
import itertools
import json

from aiohttp import web

LOST, DOUBLED, INVENTED = 5, 7, 11  # one delivery in so many


class FaultyRelay:
    def __init__(self) -> None:
        self.lost = self.doubled = self.invented = 0
        self._numbers = itertools.count(1)
        self._agents: dict[int, web.WebSocketResponse] = {}

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/socket.io/", self._socket)
        return app

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str('0{"sid":"x"}')
        async for frame in socket:
            if frame.data.startswith("40"):
                self._join(socket, json.loads(frame.data[2:]))
                await socket.send_str('40{"sid":"y"}')
            else:
                bracket = frame.data.index("[")
                _, message = json.loads(frame.data[bracket:])
                await self._relay(message)
                await socket.send_str(f'43{frame.data[2:bracket]}[{{"ok":true}}]')
                await asyncio.sleep(0)
        return socket

    def _join(self, socket: web.WebSocketResponse, auth: dict[str, object]) -> None:
        if auth["role"] == "agent":
            self._agents[int(str(auth["i"]))] = socket

    async def _relay(self, message: dict[str, str]) -> None:
        number = next(self._numbers)
        deliveries = [message]
        if number % LOST == 0:
            deliveries = []
            self.lost += 1
        elif number % DOUBLED == 0:
            deliveries = [message, message]
            self.doubled += 1
        elif number % INVENTED == 0:
            deliveries = [message, {**message, "id": f"other-{number}"}]
            self.invented += 1
        for delivery in deliveries:
            await self._agents[0].send_str(f"42{json.dumps(['message', delivery])}")
