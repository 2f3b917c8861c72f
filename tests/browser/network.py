"""A network between the page and the server that a test can cut, mend and make lossy."""

import re
from collections.abc import Callable

from playwright.async_api import Page, Route, WebSocketRoute

SOCKETS = re.compile(r"/socket\.io/")


class Wire:
    """The shopper's network: can be cut and mended, and can lose what the server sends."""

    def __init__(self) -> None:
        self.up = True
        self.loses: Callable[[str], bool] = lambda frame: False
        self._open: list[tuple[WebSocketRoute, WebSocketRoute]] = []

    async def install(self, page: Page) -> "Wire":
        await page.route_web_socket(SOCKETS, self._socket)
        await page.route(SOCKETS, self._poll)
        return self

    async def cut(self) -> None:
        self.up = False
        for near, far in self._open:
            await near.close()
            await far.close()
        self._open.clear()

    def mend(self) -> None:
        self.up = True
        self.loses = lambda frame: False

    async def _socket(self, near: WebSocketRoute) -> None:
        if not self.up:
            await near.close()
            return
        far = near.connect_to_server()
        self._open.append((near, far))
        near.on_message(far.send)
        far.on_message(lambda frame: None if self.loses(str(frame)) else near.send(frame))

    async def _poll(self, route: Route) -> None:
        await (route.continue_() if self.up else route.abort())
