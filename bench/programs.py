"""Starting, pinning and ending the programs under measurement; none outlives the bench."""

import contextlib
import http.client
import os
import resource
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap.places import ROOT

SERVER_CORE = 0
READY_S = 60
STOP_S = 20
CLI_S = 120
OPEN_FILES = 65_536
POLL_S = 0.01


class BenchFailed(Exception):
    """The bench could not measure, or what it saw says the figures mean nothing."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers /readyz."""

    pid: int
    port: int
    ready_s: float

    def processor_s(self) -> float:
        """User and system time, ended children included (proc(5), fields 14-17 of stat)."""
        stat = Path(f"/proc/{self.pid}/stat").read_text()
        fields = stat[stat.rindex(")") + 2 :].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")

    def resident_mib(self) -> float:
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 2**20


@contextlib.contextmanager
def workshop() -> Iterator[Path]:
    """A folder for databases on the clone's disk: the temporary folder may be in memory."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=build) as folder:
        yield Path(folder)


@contextlib.contextmanager
def serving(
    command: Sequence[str], *, port: int, log: Path, environment: Mapping[str, str], pinned: bool
) -> Iterator[Running]:
    """Run a server until the block ends. It leads a process group of its own."""
    allow_many_files()
    with log.open("wb") as output, on_core(SERVER_CORE if pinned else None):
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        await_ready(process, port, log=log)
        yield Running(process.pid, port, time.perf_counter() - began)
    finally:
        end(process)


def told(command: Sequence[str], *, data: Path, cwd: Path = ROOT, typed: str = "") -> str:
    """What a command of the product's says about a data folder; BenchFailed where it refuses."""
    done = subprocess.run(
        [*command, "--data", str(data)],
        cwd=cwd,
        input=typed,
        capture_output=True,
        text=True,
        timeout=CLI_S,
        check=False,
    )
    if done.returncode:
        raise BenchFailed(f"{' '.join(command[-6:])} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def await_ready(process: "subprocess.Popen[bytes]", port: int, *, log: Path) -> None:
    until = time.monotonic() + READY_S
    while not answers_ready(port):
        if process.poll() is not None:
            raise BenchFailed(f"the server ended with {process.returncode}:\n{tail(log)}")
        if time.monotonic() > until:
            raise BenchFailed(f"the server was not ready after {READY_S} s:\n{tail(log)}")
        time.sleep(POLL_S)


def answers_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def end(process: "subprocess.Popen[bytes]") -> None:
    """SIGTERM to the group, and SIGKILL to what is left of it when its leader has gone."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """Programs started inside stay on this core, where the system can pin and has that core."""
    if core is None or not can_pin():
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {sorted(before)[core]})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def can_pin() -> bool:
    return hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1


def core_number(core: int) -> int:
    """The system's number of the core that `on_core` means."""
    return sorted(os.sched_getaffinity(0))[core] if can_pin() else core


def allow_many_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def free_port() -> int:
    """One that the system gives out, so that benches of two clones do not meet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
