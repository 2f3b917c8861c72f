"""The data folder: who holds it, what is made in it once, and whether it can be written at all."""

import fcntl
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console.model.refusal import Refused

SECRET = "secret"
NODE = "node"
LOCK = "lock"


def prepare(folder: Path) -> None:
    """Make the folder and try to write in it. Raises Refused("unavailable") with the reason."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as failure:
        raise Refused(
            "unavailable", f"the data folder {folder} cannot be written: {failure.strerror}"
        ) from failure


def secret(folder: Path, given: str) -> str:
    """The installation's secret: as given, or the one generated on the first start (mode 0600)."""
    if given:
        if len(given) < 16:
            raise Refused("invalid", "CONSOLE_SECRET has at least 16 characters")
        return given
    return _made_once(folder / SECRET, secrets.token_urlsafe(48))


def node(folder: Path) -> str:
    """The name of who serves from this folder: the same after a restart, another for each node."""
    return _made_once(folder / NODE, secrets.token_hex(10))


@contextmanager
def held(folder: Path) -> Iterator[bool]:
    """Try to hold the folder for this process; yields whether it does."""
    with (folder / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _made_once(path: Path, text: str) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("utf-8").strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    return text
