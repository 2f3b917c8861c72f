"""Real servers that tests start for themselves in a temporary folder, once per session."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from bootstrap import postgres as installed

START_S = 20.0
_QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off".split()
_CLUSTER = "-A trust --no-sync --locale=C.UTF-8 -E UTF8".split()
_ATTEMPTS = 3
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Postgres:
    """A server on loopback; `url` of a new empty database, or of a copy of `template`."""

    port: int
    programs: Path

    def url(self, database: str) -> str:
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{database}"

    def new_database(self, *, template: str = "template0") -> str:
        name = f"t{next(_numbers)}"
        self._run("createdb", "--template", template, name)
        return name

    def drop_database(self, name: str) -> None:
        self._run("dropdb", "--force", name)

    def _run(self, program: str, *arguments: str) -> None:
        address = ["--host=127.0.0.1", f"--port={self.port}", "--username=postgres"]
        subprocess.run(
            [self.programs / program, *address, *arguments],
            check=True,
            capture_output=True,
            timeout=60,
        )


@dataclass
class Cluster:
    """A PostgreSQL server of one's own, which may be stopped and started again."""

    programs: Path
    folder: Path
    user: str | None
    port: int
    server: subprocess.Popen[bytes]

    @classmethod
    @contextmanager
    def started(cls) -> Iterator["Cluster"]:
        programs = installed.programs()
        assert programs is not None, "no PostgreSQL programs: `python3 run.py test` brings them"
        # not under pytest's folder, which the server's own user may not enter
        folder = Path(tempfile.mkdtemp(prefix="dxe-pg-"))
        one = None
        try:
            user = _server_user(folder)
            _initialise(programs, folder, user=user)
            server, port = _start_on_free_port(programs, folder, user=user)
            one = cls(programs, folder, user, port, server)
            yield one
        finally:
            if one is not None:
                one.stop()
            shutil.rmtree(folder)

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def stop(self) -> None:
        stop(self.server, signal.SIGQUIT)

    def start(self) -> None:
        self.server = _start(self.programs, self.folder, port=self.port, user=self.user)
        await_port(self.port, self.server, log=self.folder / "log")
        _await_ready(self.programs, self.port)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with Cluster.started() as cluster:
        yield Postgres(cluster.port, cluster.programs)


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """An empty database of the test's own."""
    name = postgres.new_database()
    yield postgres.url(name)
    postgres.drop_database(name)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_port(port: int, server: subprocess.Popen[bytes], *, log: Path) -> None:
    """Returns when the port accepts; says the end of the log when the server ended or is late."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise ConnectionError(f"port {port} never accepted:\n{tail}")


def stop(server: subprocess.Popen[bytes], with_signal: signal.Signals = signal.SIGTERM) -> None:
    """Ends the server and all it started: its whole process group."""
    if server.poll() is None:
        os.killpg(server.pid, with_signal)
    try:
        server.wait(timeout=5)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _server_user(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root; then it gets a user of the machine and the folder."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    name = "postgres" if "postgres" in known else "nobody"
    shutil.chown(folder, name)
    return name


def _initialise(programs: Path, folder: Path, *, user: str | None) -> None:
    initdb, data = str(programs / "initdb"), str(folder / "data")
    done = subprocess.run(
        [initdb, "-D", data, "-U", "postgres", *_CLUSTER],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        user=user,
        group=_group_of(user),
        extra_groups=[] if user else None,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _start_on_free_port(
    programs: Path, folder: Path, *, user: str | None
) -> tuple[subprocess.Popen[bytes], int]:
    """Another program may take the port between asking and binding: then with another one."""
    for attempt in range(1, _ATTEMPTS + 1):
        port = free_port()
        server = _start(programs, folder, port=port, user=user)
        try:
            await_port(port, server, log=folder / "log")
            _await_ready(programs, port)
        except ConnectionError:
            stop(server, signal.SIGQUIT)
            if attempt == _ATTEMPTS:
                raise
        else:
            return server, port
    raise AssertionError("unreachable")


def _await_ready(programs: Path, port: int) -> None:
    """The port accepts before the server does."""
    asked = [str(programs / "pg_isready"), "--host=127.0.0.1", f"--port={port}", "--quiet"]
    deadline = time.monotonic() + START_S
    while subprocess.run(asked, check=False).returncode != 0:
        if time.monotonic() > deadline:
            raise ConnectionError(f"PostgreSQL on port {port} does not get ready")
        time.sleep(0.02)


def _start(programs: Path, folder: Path, *, port: int, user: str | None) -> subprocess.Popen[bytes]:
    listening = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}".split()
    program, data = str(programs / "postgres"), str(folder / "data")
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [program, "-D", data, "-p", str(port), *listening, *_QUICK],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            start_new_session=True,
            user=user,
            group=_group_of(user),
            extra_groups=[] if user else None,
        )


def _group_of(user: str | None) -> int | None:
    return pwd.getpwnam(user).pw_gid if user else None
