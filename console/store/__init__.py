"""The only SQL of the console, behind two doors: `store.write(work)` and `store.read(work)`.

A unit of work is `async def work(tx)`; nothing is awaited inside but `tx`, and it may run twice.
The same text serves both databases: `$1` parameters, BIGINT times, TEXT JSON, `ON CONFLICT`.
SQLAlchemy describes the schema and Alembic moves it; it is not in the server's process. Two ways to
speak SQL inside one grouped transaction would be two truths, and it costs 1-2 ms a transaction.

    talk     conversations and messages: the message path
    people   agents, groups, sessions, contacts, visitors
    shelf    the shop's knowledge entries and their revisions
    imports  what files did to the shelf; staged: an import on its way
    offers   what was suggested to agents and what became of it; proposals: similar questions
    log      the append-only event log
    outbox   letters on their way to providers; leases: who may send them
    files    pictures and other files: whose, said where, until when
    asked    what shoppers asked and what the matcher made of it; answers: what agents then said
    places   shops and inboxes
"""

from pathlib import Path

from console.failpoints import Failpoints
from console.store.postgres import PostgresStore, open_postgres
from console.store.sqlite import SqliteStore, open_sqlite
from console.store.tx import Tx

__all__ = ["Store", "Tx", "open_store", "sqlite_file"]

Store = SqliteStore | PostgresStore


def sqlite_file(data: Path) -> Path:
    """Where the data folder keeps its database."""
    return data / "dianxiaoer.db"


async def open_store(
    data: Path, database_url: str | None, failpoints: Failpoints | None = None
) -> Store:
    """Open the database, which must have been migrated."""
    if database_url:
        return await open_postgres(database_url, failpoints)
    return await open_sqlite(sqlite_file(data), failpoints)
