"""The two servers that are compared, each started afresh from the same state for every run."""

import contextlib
import itertools
import secrets
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from bench.programs import BenchFailed, Running, free_port, serving, told

ACCOUNTS = "load-"
UNLIMITED = {"CONSOLE_RATE_LIMITS": "off"}  # a shopper of the load generator never rests


class Contender(Protocol):
    name: str
    wire: dict[str, str]

    def serving(self) -> contextlib.AbstractContextManager[Running]: ...


class Anchor:
    def __init__(self, folder: Path, *, store: str = "task:FULL") -> None:
        self.name = f"anchor, {store}"
        self.wire = {"wire": "anchor"}
        self._folder = folder
        self._store = store
        self._runs = itertools.count(1)

    @contextlib.contextmanager
    def serving(self) -> Iterator[Running]:
        folder = self._folder / f"anchor-{next(self._runs)}"
        folder.mkdir()
        port = free_port()
        words = ["--port", str(port), "--database", str(folder / "relay.db")]
        command = [sys.executable, "-m", "bench.anchor", *words, "--store", self._store]
        log = folder / "log"
        with serving(command, port=port, log=log, environment={}, pinned=True) as running:
            yield running
        shutil.rmtree(folder)


class Product:
    """An installation that was set up and started once: agents, shop knowledge, everything on."""

    def __init__(self, folder: Path, *, agents: int, capacity: int, limited: bool = False) -> None:
        self.name = "product"
        self._environment = {} if limited else UNLIMITED
        self._template = folder / "product"
        self._folder = folder
        self._runs = itertools.count(1)
        password = f"Aa7-{secrets.token_hex(12)}"
        with self.started(self._template, pinned=False):
            self._password = password
            for index in range(agents):
                self.hire(f"{ACCOUNTS}{index}", "agent", capacity)
            inbox = self._inbox()
        self.wire = {"wire": "product", "inbox": inbox, "accounts": ACCOUNTS, "password": password}

    @contextlib.contextmanager
    def serving(self) -> Iterator[Running]:
        with self.copied() as data, self.started(data, pinned=True) as running:
            yield running

    @contextlib.contextmanager
    def copied(self) -> Iterator[Path]:
        """The installation's data folder, as good as new."""
        data = self._folder / f"product-{next(self._runs)}"
        shutil.copytree(self._template, data)
        yield data
        shutil.rmtree(data)

    @contextlib.contextmanager
    def started(
        self, data: Path, *, pinned: bool, door: tuple[str, ...] = ("-m", "console.cli")
    ) -> Iterator[Running]:
        port = free_port()
        words = ["serve", "--data", str(data), "--host", "127.0.0.1", "--port", str(port)]
        command = [sys.executable, *door, *words]
        log = self._folder / "product.log"
        environment = self._environment
        with serving(
            command, port=port, log=log, environment=environment, pinned=pinned
        ) as running:
            yield running

    def hire(self, name: str, role: str, capacity: int = 0) -> None:
        """One more person, who signs in with the password of all."""
        words = ["agent", "add", name, "--role", role, "--capacity", str(capacity)]
        self._command([*words, "--password-stdin"], typed=f"{self._password}\n")

    def _inbox(self) -> str:
        """The public key of the widget inbox that the first start made."""
        lines = self._command(["inbox", "list", "--json"])
        listed = msgspec.json.Decoder(Inbox).decode_lines(lines)
        for inbox in listed:
            if inbox.kind == "widget" and inbox.name == "default":
                return inbox.key
        raise BenchFailed(f"no widget inbox named default among {listed}")

    def _command(self, words: list[str], *, typed: str = "") -> str:
        command = [sys.executable, "-m", "console.cli", *words]
        return told(command, data=self._template, typed=typed)


class Inbox(msgspec.Struct, frozen=True):
    id: str
    key: str
    kind: str
    name: str
