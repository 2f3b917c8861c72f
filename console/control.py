"""The control socket in the data folder: commands beside a running server go through the server.

One line of JSON in, one line out. The socket is reached through its folder's descriptor, because a
path of a Unix socket may have 107 bytes only and a data folder's often has more.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

log = logging.getLogger(__name__)

NAME = "control"
MAX_LINE = 64 * 1024 * 1024
AT_ONCE = 16
BUSY = {"code": 1, "out": "", "err": f"{AT_ONCE} commands are running already; try again"}

Run = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


async def listen(folder: Path, run: Run) -> asyncio.Server:
    """Answer commands until the returned server is closed."""
    (folder / NAME).unlink(missing_ok=True)

    commands = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal commands
        commands += 1
        try:
            line = await reader.readline()
            if commands > AT_ONCE:
                writer.write(orjson.dumps(BUSY) + b"\n")
            elif line:
                writer.write(orjson.dumps(await run(orjson.loads(line))) + b"\n")
            await writer.drain()
        except (ConnectionError, ValueError) as broken:
            log.warning("control: a command was cut off: %s", broken)
        finally:
            commands -= 1
            writer.close()

    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with _short(folder) as path:
        listener.bind(path)
    os.chmod(folder / NAME, 0o600)
    return await asyncio.start_unix_server(serve, sock=listener, limit=MAX_LINE)


def ask(folder: Path, request: dict[str, Any]) -> dict[str, Any] | None:
    """Have the running server do a command; None when no server listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            with _short(folder) as path:
                connection.connect(path)
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        connection.sendall(orjson.dumps(request) + b"\n")
        with connection.makefile("rb") as stream:
            answer = stream.readline()
    if not answer:
        return None
    return dict(orjson.loads(answer))


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    plain = str(folder / NAME)
    if len(os.fsencode(plain)) < 100 or not Path("/proc/self/fd").is_dir():
        yield plain
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{NAME}"
    finally:
        os.close(descriptor)
