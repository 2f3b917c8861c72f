"""`doctor`: what this machine and this installation look like, and what should be done about it."""

import contextlib
import os
import pyexpat
import shutil
import socket
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Literal

from console import control, folder
from console.model.refusal import Refused
from console.settings import Settings
from console.shipped import DIST

PYTHON_FLOORS = {
    (3, 11): (3, 11, 15),
    (3, 12): (3, 12, 13),
    (3, 13): (3, 13, 12),
    (3, 14): (3, 14, 3),
}
SQLITE_FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
FLOORS = {
    "aiohttp": (3, 14, 5),
    "python-socketio": (5, 16, 4),
    "python-engineio": (4, 13, 3),
    "jinja2": (3, 1, 6),
}
CLOCK_APART_S = 5.0
LITTLE_SPACE = 500_000_000
Verdict = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    verdict: Verdict
    text: str


def examine(settings: Settings) -> int:
    """Print every finding; 1 when something makes serving impossible."""
    failed = False
    for finding in findings(settings):
        mark = {"ok": "✓", "warn": "!", "fail": "✗"}[finding.verdict]
        sys.stdout.write(f"{mark} {finding.text}\n")
        failed |= finding.verdict == "fail"
    return 1 if failed else 0


def findings(settings: Settings) -> Iterator[Finding]:
    yield from _versions()
    yield from _data(settings)
    yield _clock(settings)
    yield _port(settings)
    yield from _watching(settings)
    if settings.rate_limits == "off":
        yield Finding("warn", "CONSOLE_RATE_LIMITS=off: one visitor can flood the agents")
    if settings.failpoints:
        yield Finding("warn", "CONSOLE_FAILPOINTS is set: serve refuses it without --demo")
    built = (DIST / "manifest.json").is_file()
    yield Finding(
        "ok" if built else "fail", f"browser programs {'built' if built else 'not built'}"
    )


def _versions() -> Iterator[Finding]:
    version = sys.version_info[:3]
    floor = PYTHON_FLOORS.get(version[:2])
    text = f"Python {_dotted(version)}"
    if floor is not None and version < floor:
        yield Finding("warn", f"{text}: {_dotted(floor)} closes known holes in mail headers")
    else:
        yield Finding("ok", text)
    yield _sqlite()
    expat = pyexpat.version_info
    safe = expat >= (2, 6, 0)
    yield Finding(
        "ok" if safe else "warn", f"expat {_dotted(expat)}{'' if safe else ': want 2.6.0'}"
    )
    for name, wanted in FLOORS.items():
        there = metadata.version(name)
        enough = tuple(int(part) for part in there.split(".")[:3]) >= wanted
        yield Finding("ok" if enough else "fail", f"{name} {there} (floor {_dotted(wanted)})")


def _sqlite() -> Finding:
    there = sqlite3.sqlite_version_info
    fixed = there >= SQLITE_FIXED[0] or any(
        there[:2] == branch[:2] and there >= branch for branch in SQLITE_FIXED[1:]
    )
    text = f"SQLite {_dotted(there)}"
    if fixed:
        return Finding("ok", text)
    return Finding(
        "warn",
        f"{text}: a fix of its write-ahead log came with 3.51.3, 3.50.7 and 3.44.6; until then one "
        "connection alone writes and checkpoints here",
    )


def _data(settings: Settings) -> Iterator[Finding]:
    try:
        folder.prepare(settings.folder)
    except Refused as no:
        yield Finding("fail", no.message)
        return
    with folder.held(settings.folder) as mine:
        running = "free" if mine else "a server is running on it"
    listening = (settings.folder / control.NAME).exists()
    yield Finding("ok", f"data folder {settings.folder}: {running}")
    if listening and running == "free":
        yield Finding("warn", "a control socket was left over; the next start removes it")


def _clock(settings: Settings) -> Finding:
    """Messages carry this machine's time; a disk elsewhere with another clock shows it is wrong."""
    try:
        with tempfile.TemporaryFile(dir=settings.folder) as file:
            apart = abs(os.fstat(file.fileno()).st_mtime - time.time())
    except OSError as failure:
        return Finding("warn", f"clock not compared: {failure.strerror}")
    zone = time.strftime("%Y-%m-%d %H:%M:%S %z")
    if apart > CLOCK_APART_S:
        return Finding("warn", f"clock {zone}: {apart:.0f} s from the data folder's; set both")
    return Finding("ok", f"clock {zone}")


def _port(settings: Settings) -> Finding:
    place = f"{settings.host}:{settings.port}"
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as taken:
            return Finding("warn", f"port {place} is in use: {taken.strerror}")
    return Finding("ok", f"port {place} is free")


def _watching(settings: Settings) -> Iterator[Finding]:
    """What /metrics and /readyz need."""
    token = settings.metrics_token
    if token and len(token) < 16:
        yield Finding("warn", "CONSOLE_METRICS_TOKEN is short; give it 16 characters or more")
    readers = "whoever has CONSOLE_METRICS_TOKEN" if token else "this machine alone"
    yield Finding("ok", f"/metrics is for {readers}")
    try:
        free = shutil.disk_usage(settings.folder).free
    except OSError as failure:
        yield Finding("warn", f"free space not known: {failure.strerror}")
        return
    text = f"{free / 1e9:.1f} GB free for the data folder"
    if free < LITTLE_SPACE:
        yield Finding("warn", f"{text}: without space nothing is accepted and /readyz is 503")
    else:
        yield Finding("ok", text)


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)
