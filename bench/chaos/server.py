"""The product under fault: a child process on one port and one folder, killed and started again."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from bench.contenders import Inbox
from bench.programs import BenchFailed, answers_ready, await_ready, end, free_port, tail, told
from bootstrap.places import ROOT

UNLIMITED = {"CONSOLE_RATE_LIMITS": "off"}


class Shop:
    """`wrap` goes before the command, such as a namespace of its own; `code` is the clone that is
    run, and may change between two starts."""

    LOG = "server.log"

    def __init__(
        self,
        folder: Path,
        *,
        environment: Mapping[str, str] | None = None,
        wrap: Sequence[str] = (),
        code: Path = ROOT,
    ) -> None:
        self.code = code
        self.data = folder / "data"
        self.log = folder / self.LOG
        self.port = free_port()
        self.environment = {**UNLIMITED, **(environment or {})}
        self._wrap = list(wrap)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None, "not started"
        return self._process

    def start(self) -> None:
        """Returns when it is ready. Raises BenchFailed with the end of its log."""
        self.launch()
        await_ready(self.process, self.port, log=self.log)

    def launch(self) -> None:
        words = ["serve", "--demo", "--host", "127.0.0.1", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._wrap, *_program(), *words, "--data", str(self.data)],
                cwd=self.code,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL, at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self._process is not None:
            end(self._process)

    def ready(self) -> bool:
        return answers_ready(self.port)

    def owner_password(self) -> str:
        """Said once, on the first start."""
        found = re.findall(r"owner / (\S+)", self.log.read_text(errors="replace"))
        if not found:
            raise BenchFailed(f"the first start said no owner's password:\n{tail(self.log)}")
        return str(found[0])

    def hire(self, groups: Mapping[str, frozenset[str]], *, password: str, capacity: int) -> None:
        """Add agents by name, each in its groups, some at a time."""

        def add(name: str) -> None:
            words = ["agent", "add", name, "--capacity", str(capacity), "--password-stdin"]
            for group in sorted(groups[name]):
                words += ["--group", group]
            self.command(words, typed=f"{password}\n")

        with ThreadPoolExecutor(4) as several:
            list(several.map(add, groups))

    def open_inbox(self, name: str, *, kind: str = "widget", settings: Mapping[str, str]) -> Inbox:
        words = ["inbox", "add", kind, name, "--json"]
        if settings:
            words += ["--set", *(f"{key}={value}" for key, value in settings.items())]
        return msgspec.json.decode(self.command(words), type=Inbox)

    def inbox(self, name: str) -> Inbox:
        lines = self.command(["inbox", "list", "--json"])
        listed = msgspec.json.Decoder(Inbox).decode_lines(lines)
        return next(one for one in listed if one.name == name)

    def command(self, words: Sequence[str], *, typed: str = "") -> str:
        return told([*_program(), *words], data=self.data, cwd=self.code, typed=typed)


@contextlib.contextmanager
def open_shop(shop: Shop) -> Iterator[Shop]:
    """Started, and stopped in the end, whichever process it is then."""
    try:
        shop.start()
        yield shop
    finally:
        shop.stop()


def _program() -> list[str]:
    return [sys.executable, "-m", "console.cli"]
