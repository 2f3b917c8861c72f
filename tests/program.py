"""The program as users run it: a process of its own over a data folder of the test's own."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from console import control
from tests.servers import free_port, stop

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "correct-horse-9"
START_S = 60.0


@dataclass
class Program:
    """`serve` on a free port; `cli` runs the other commands beside it."""

    data: Path
    port: int = 0
    demo: bool = False
    environ: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"

    @property
    def said(self) -> str:
        return self.log.read_text("utf-8")

    @property
    def owner_password(self) -> str:
        """Said once, on the first start."""
        found = re.findall(r"owner / (\S+)", self.said)
        assert len(found) == 1, self.said
        return str(found[0])

    @property
    def demo_password(self) -> str:
        found = re.search(r"demo-[0-9a-f]{8}", self.said)
        assert found is not None, self.said
        return found.group()

    def start(self) -> None:
        """Returns when /readyz says so; fails with the end of the log."""
        self.port = self.port or free_port()
        argv = [*self._argv("serve"), "--port", str(self.port), *(["--demo"] if self.demo else [])]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                argv,
                cwd=ROOT,
                env={**os.environ, **self.environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.get("/readyz")[0] == 200:
                return
            time.sleep(0.02)
        pytest.fail(f"the server did not start:\n{self.said[-3000:]}")

    def stop(self) -> int:
        """Ask politely; returns the exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(timeout=20)

    def kill(self) -> None:
        """Pull the plug."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def cli(
        self, *arguments: str, stdin: str = "", check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self._argv(*arguments),
            cwd=ROOT,
            env={**os.environ, "LC_ALL": "C.UTF-8", **self.environ},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if check:
            assert done.returncode == 0, done.stderr
        return done

    def ask(self, command: str, args: dict[str, Any]) -> dict[str, Any]:
        """A command through the running server, without a process of its own."""
        answer = control.ask(self.data, {"name": command, "args": {"lang": "en", **args}})
        assert answer is not None, "no server listens"
        assert answer["code"] == 0, answer["err"]
        return answer

    def hire(
        self, name: str, *groups: str, role: str = "agent", capacity: int = 10, at: str = PASSWORD
    ) -> None:
        """Add an agent, quicker than `add_agent`; `at` is the password."""
        person = {"name": name, "role": role, "capacity": capacity, "group": groups}
        self.ask("agent add", {**person, "password": at})

    def open_inbox(self, name: str, **settings: str) -> str:
        """A widget inbox; returns its key."""
        done = self.ask("inbox add", {"kind": "widget", "name": name, "set": settings})
        return str(json.loads(done["out"])["key"])

    def add_agent(self, name: str, *more: str) -> None:
        self.cli("agent", "add", name, "--password-stdin", *more, stdin=f"{PASSWORD}\n")

    def inbox_key(self) -> str:
        rows = self.cli("inbox", "list", "--json").stdout.splitlines()
        return str(json.loads(rows[0])["key"])

    def get(self, path: str) -> tuple[int, Any]:
        """Status and body; status 0 where nothing listens."""
        try:
            with urllib.request.urlopen(f"{self.address}{path}", timeout=5) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()
        except OSError:
            return 0, b""

    def _argv(self, command: str, *arguments: str) -> list[str]:
        words = [command, *arguments]
        return [sys.executable, "-m", "console.cli", *words, *self._data(words)]

    def _data(self, words: list[str]) -> list[str]:
        return [] if words[:2] in (["kb", "check"], ["kb", "eval"]) else ["--data", str(self.data)]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """A fresh installation, running."""
    one = Program(tmp_path / "data", environ={"CONSOLE_RATE_LIMITS": "off"})
    one.start()
    yield one
    _end(one)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Program]:
    """A fresh demo, running."""
    one = Program(tmp_path / "data", demo=True)
    one.start()
    yield one
    _end(one)


def _end(one: Program) -> None:
    if one.process is not None:
        stop(one.process)
