"""What a figure was measured on: without it a figure is worth nothing."""

import os
import platform
import sqlite3
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.programs import can_pin
from bootstrap import node
from bootstrap.places import ROOT

PACKAGES = ("aiohttp", "python-socketio", "python-engineio", "uvloop", "orjson", "aiosqlite")


def description(packages: Sequence[str] = PACKAGES) -> str:
    cores = f"{os.cpu_count()} cores" + ("" if can_pin() else " (nothing pinned)")
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    machine = f"{processor()}, {cores}, {platform.system()} {platform.release()}, {filesystem()}"
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load average {load}"
    return f"{machine}\n{versions(packages)}\n{when}"


def versions(packages: Sequence[str]) -> str:
    named = ", ".join(f"{name} {version(name)}" for name in packages)
    said = subprocess.run(
        [node.find().program, "--version"], capture_output=True, text=True, timeout=20, check=True
    )
    python = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return f"{python}, Node {said.stdout.strip().removeprefix('v')}, {named}"


def processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def filesystem(mounts: Path = Path("/proc/mounts")) -> str:
    """The file system that the databases are on: an fsync to memory costs nothing."""
    try:
        rows = [line.split() for line in mounts.read_text().splitlines()]
    except OSError:
        return "file system unknown"
    holding = [row for row in rows if ROOT.is_relative_to(row[1])]
    return max(holding, key=lambda row: len(row[1]))[2]
