"""Moves a database to this code's schema. A program of its own: SQLAlchemy stays out of the server.

CONSOLE_DATABASE_URL=… python -m console.store.migrate DATA [VERSION]
"""

import asyncio
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from console.model.refusal import Refused
from console.store import sqlite_file

HEAD = "0010"
KNOWN = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")
ADDRESS = "CONSOLE_DATABASE_URL"

_VERSION = "SELECT version_num FROM alembic_version"


async def current(data: Path, database_url: str | None) -> str | None:
    """The schema version of the database, or None where there is none yet.

    Raises Refused("unavailable") for one that cannot be opened or read.
    """
    if database_url:
        return await _postgres_version(database_url)
    file = sqlite_file(data)
    if not file.exists():
        return None
    try:
        with closing(sqlite3.connect(file)) as connection:
            row = connection.execute(_VERSION).fetchone()
    except sqlite3.DatabaseError as failure:
        if "no such table" in str(failure):
            return None
        raise Refused("unavailable", f"the database {file} cannot be read: {failure}") from failure
    return str(row[0]) if row else None


async def ensure(data: Path, database_url: str | None) -> bool:
    """Migrate where needed; True when something was done.

    Raises Refused("conflict") for a database of a newer version, which is left as it is.
    """
    version = await current(data, database_url)
    if version == HEAD:
        return False
    if version is not None and version not in KNOWN:
        raise Refused(
            "conflict",
            f"the database has schema {version}, this program knows up to {HEAD}: "
            "update the program, nothing was changed",
        )
    await bring(data, database_url, HEAD)
    return True


async def bring(data: Path, database_url: str | None, version: str) -> None:
    """Migrate up to a version that this program knows."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "console.store.migrate", str(data), version),
        stderr=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        env={**os.environ, ADDRESS: database_url or ""},  # argv would show the password to all
    )
    _, said = await process.communicate()
    if process.returncode:
        raise Refused("unavailable", f"migration failed: {said.decode()[-800:]}")


async def _postgres_version(url: str) -> str | None:
    # Deferred: an installation on SQLite never needs it.
    import asyncpg

    try:
        connection = await asyncpg.connect(url, timeout=10)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as failure:
        raise Refused("unavailable", f"PostgreSQL cannot be reached: {failure}") from failure
    try:
        return str(await connection.fetchval(_VERSION))
    except asyncpg.UndefinedTableError:
        return None
    finally:
        await connection.close()


async def _upgrade(data: Path, database_url: str | None, version: str) -> None:
    # Deferred: half a second and 40 MB that a server with a current schema never needs.
    import asyncpg
    from alembic import command
    from alembic.config import Config
    from sqlalchemy.ext.asyncio import create_async_engine

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    if database_url:
        # the driver reads the address itself, as it does for the server: with the same options
        engine = create_async_engine(
            "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(database_url)
        )
    else:
        engine = create_async_engine(f"sqlite+aiosqlite:///{sqlite_file(data)}")

    def upgrade(connection: object) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, version)

    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(_upgrade(Path(sys.argv[1]), os.environ.get(ADDRESS) or None, (*sys.argv, HEAD)[2]))
