"""How somebody with a password comes to a line on /desk."""

import asyncio
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import NamedTuple

import aiohttp

from bench.chaos.wire import Gone, Hear, Line, TurnedAway, open_line

SIGN_IN_S = 8.0


class Pass(NamedTuple):
    """What a sign-in gave: it outlives connections and restarts of the server."""

    cookie: str
    csrf: str
    id: str


async def sign_in(http: aiohttp.ClientSession, port: int, name: str, password: str) -> Pass:
    """Raises Gone when nobody answers, TurnedAway when the answer is no."""
    url = f"http://127.0.0.1:{port}/api/login"
    try:
        async with (
            asyncio.timeout(SIGN_IN_S),
            http.post(url, json={"name": name, "password": password}) as response,
        ):
            if response.status != 200:
                raise TurnedAway(f"login {response.status}")
            said = await response.json()
            cookies = SimpleCookie(response.headers.get("Set-Cookie", ""))
    except (TimeoutError, aiohttp.ClientError, OSError) as failed:
        raise Gone(f"cannot sign in: {failed}") from failed
    cookie = "; ".join(f"{one.key}={one.value}" for one in cookies.values())
    return Pass(cookie, said["csrf"], said["agent"]["id"])


async def open_desk(
    http: aiohttp.ClientSession,
    port: int,
    signed: Pass,
    *,
    hear: Hear,
    raw: Callable[[str], None],
) -> Line:
    auth = {"csrf": signed.csrf}
    return await open_line(http, port, "/desk", auth, hear=hear, raw=raw, cookie=signed.cookie)
