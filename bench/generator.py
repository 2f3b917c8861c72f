"""Running `load.mjs` once, and what it reports."""

import os
import subprocess
from pathlib import Path
from typing import TypeVar

import msgspec

from bench.programs import BenchFailed, Running, core_number, end, on_core
from bootstrap import node

PROGRAM = Path(__file__).with_name("load.mjs")
GENERATOR_CORE = 1
BOUND_S = 300


class Percentiles(msgspec.Struct, frozen=True):
    """Milliseconds; None where nothing was counted."""

    n: int
    p50: float | None
    p90: float | None
    p99: float | None
    max: float | None


class Talk(msgspec.Struct, frozen=True):
    """A run of the modes `closed` and `open`; `behind_ms` is how long after a message its
    suggestions reached the same screen, of those that got any."""

    seconds: float
    server_us: float
    server_share: float
    generator_share: float
    others_share: float
    acked_per_s: float
    delivered_per_s: float
    ack_ms: Percentiles
    delivery_ms: Percentiles
    behind_ms: Percentiles
    sent: int
    lost_acks: int
    lost_deliveries: int
    double_acks: int
    double_deliveries: int
    foreign: int
    rss_kib: int
    closed: int
    errors: int
    resyncs: int

    @property
    def lost(self) -> int:
        return self.lost_acks + self.lost_deliveries

    @property
    def doubled(self) -> int:
        return self.double_acks + self.double_deliveries

    @property
    def sound(self) -> bool:
        return not (self.lost or self.doubled or self.foreign or self.closed or self.errors)


class Idle(msgspec.Struct, frozen=True):
    connections: int
    connect_us: float
    rss_before_kib: int
    rss_kib: int
    kib_per_connection: float
    closed: int
    errors: int


class Chats(msgspec.Struct, frozen=True):
    """`shoppers` conversations open with agents, in silence."""

    shoppers: int
    rss_before_kib: int
    rss_kib: int
    server_share: float
    closed: int
    errors: int


class Herd(msgspec.Struct, frozen=True):
    """Everybody was cut at once; `moved` are talks that another agent has now."""

    clients: int
    never_back: int
    moved: int
    tries: int
    back_ms: Percentiles
    probe_ms: Percentiles
    server_s: float
    rss_kib: int


Report = TypeVar("Report")


def load(
    kind: type[Report], server: Running, *, wire: dict[str, str], mode: str, **options: int | float
) -> Report:
    """One run against `server`. `wire` names the wire and what it needs (see load/product.mjs)."""
    named: dict[str, object] = {
        **{name: value for name, value in wire.items() if name != "password"},
        **{name.replace("_", "-"): value for name, value in options.items()},
        "mode": mode,
        "url": f"ws://127.0.0.1:{server.port}",
        "pid": server.pid,
        "core": core_number(0),
        "ticks": os.sysconf("SC_CLK_TCK"),
    }
    words = [f"--{name}={value}" for name, value in named.items()]
    command = [str(node.find().program), str(PROGRAM), *words]
    output = run(command, {"LOAD_PASSWORD": wire.get("password", "")})
    return msgspec.json.decode(output, type=kind)


def run(command: list[str], environment: dict[str, str]) -> bytes:
    with on_core(GENERATOR_CORE):
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    try:
        output, complaint = process.communicate(timeout=BOUND_S)
    except subprocess.TimeoutExpired as late:
        raise BenchFailed(f"the load generator was not done after {BOUND_S} s") from late
    finally:
        end(process)
    if process.returncode:
        raise BenchFailed(complaint.decode(errors="replace").strip())
    return output
