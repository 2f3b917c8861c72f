"""The anchor's two durable stores: grouped commits into SQLite, WAL, `synchronous=FULL`.

`save` returns when its row's commit has returned. What arrives while one commit runs is the next
one's group, at most `GROUP` rows, with no delay added: one fsync pays for all that waited for it.
A group fails as a whole; the anchor is a yardstick, the product's writer must not do that.
"""

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Protocol

import aiosqlite

GROUP = 512
PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA wal_autocheckpoint=4000",
    "PRAGMA cache_size=-16000",
    "PRAGMA temp_store=MEMORY",
)
SCHEMA = """
CREATE TABLE IF NOT EXISTS message(
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL, conv TEXT NOT NULL, sender TEXT NOT NULL,
    body TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS message_conv ON message(conv, seq);
CREATE UNIQUE INDEX IF NOT EXISTS message_id ON message(id);
"""
INSERT = "INSERT INTO message(id, conv, sender, body, at) VALUES(?, ?, ?, ?, ?)"

Row = tuple[str, str, str, str, float]
Waiting = tuple[Row, "asyncio.Future[None]"]


class Store(Protocol):
    def save(self, id: str, conversation: str, *, sender: str, body: str) -> Awaitable[None]: ...


class TaskStore:
    """`task:FULL`: aiosqlite, and a task of the loop that drains the list of who waits."""

    def __init__(self, database: aiosqlite.Connection) -> None:
        self._database = database
        self._waiting: list[Waiting] = []
        self._wake = asyncio.Event()
        self._writer = asyncio.create_task(self._write(), name="anchor-writer")

    @classmethod
    async def open(cls, path: Path) -> "TaskStore":
        database = await aiosqlite.connect(path)
        for pragma in PRAGMAS:
            await database.execute(pragma)
        await database.executescript(SCHEMA)
        return cls(database)

    async def save(self, id: str, conversation: str, *, sender: str, body: str) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(((id, conversation, sender, body, time.time()), done))
        self._wake.set()
        await done

    async def _write(self) -> None:
        while True:
            await self._wake.wait()
            group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
            if not self._waiting:
                self._wake.clear()
            try:
                await self._database.executemany(INSERT, [row for row, _ in group])
                await self._database.commit()
            except sqlite3.Error as error:
                await self._database.rollback()
                settle(group, error)
            else:
                settle(group, None)


class ThreadStore:
    """`thread:FULL`: sqlite3 in a thread of its own, one wake-up of the loop a group."""

    def __init__(self, path: Path) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: queue.SimpleQueue[Waiting] = queue.SimpleQueue()
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in PRAGMAS:
            self._database.execute(pragma)
        self._database.executescript(SCHEMA)
        threading.Thread(target=self._write, name="anchor-writer", daemon=True).start()

    def save(self, id: str, conversation: str, *, sender: str, body: str) -> "asyncio.Future[None]":
        done: asyncio.Future[None] = self._loop.create_future()
        self._waiting.put(((id, conversation, sender, body, time.time()), done))
        return done

    def _write(self) -> None:
        while True:
            group = self._group()
            failed: sqlite3.Error | None = None
            try:
                self._database.execute("BEGIN IMMEDIATE")
                self._database.executemany(INSERT, [row for row, _ in group])
                self._database.execute("COMMIT")
            except sqlite3.Error as error:
                failed = error
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
            self._loop.call_soon_threadsafe(settle, group, failed)

    def _group(self) -> list[Waiting]:
        group = [self._waiting.get()]
        try:
            while len(group) < GROUP:
                group.append(self._waiting.get_nowait())
        except queue.Empty:
            pass
        return group


async def open_store(kind: str, path: Path) -> Store:
    if kind == "task:FULL":
        return await TaskStore.open(path)
    if kind == "thread:FULL":
        return ThreadStore(path)
    raise ValueError(f"stores: unknown kind {kind!r}, expected task:FULL or thread:FULL")


def settle(group: list[Waiting], failed: BaseException | None) -> None:
    for _, done in group:
        if done.done():
            continue
        if failed is None:
            done.set_result(None)
        else:
            done.set_exception(failed)
