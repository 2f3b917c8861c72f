"""The migrations make what the schema says, and nothing newer is touched."""

from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from console.model.refusal import Refused
from console.store import migrate, sqlite_file
from console.store.migrate import HEAD, KNOWN, current, ensure
from console.store.schema import metadata
from tests.servers import Postgres
from tests.store.databases import Database, address

NEWER = "9999"


async def test_migrated_database_is_what_the_schema_says(database: Database) -> None:
    engine = create_async_engine(_alchemy(database))
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
        names = await connection.run_sync(lambda one: sa.inspect(one).get_table_names())
    await engine.dispose()
    assert {"conversation", "message", "event", "entry", "outbox"} <= set(names)


async def test_current_database_is_left_alone(database: Database) -> None:
    assert await current(database.data, database.url) == HEAD
    assert not await ensure(database.data, database.url)


async def test_database_of_a_newer_version_is_refused_and_unchanged(database: Database) -> None:
    await _run(database, f"UPDATE alembic_version SET version_num = '{NEWER}'")
    before = await _all_of_it(database)
    with pytest.raises(Refused, match=f"schema {NEWER}, this program knows up to {HEAD}") as no:
        await ensure(database.data, database.url)
    assert no.value.code == "conflict"
    assert await _all_of_it(database) == before
    assert await current(database.data, database.url) == NEWER


async def test_a_file_that_is_not_there_has_no_version(tmp_path: Path) -> None:
    assert await current(tmp_path, None) is None
    assert not sqlite_file(tmp_path).exists(), "asking must not make the file"


async def test_an_empty_server_has_no_version(postgres: Postgres, tmp_path: Path) -> None:
    assert await current(tmp_path, address(postgres, postgres.new_database())) is None


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_database_of_the_first_version_is_brought_up_with_what_is_in_it(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = None
    if kind == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = address(server, server.new_database())
    first = Database(tmp_path, url)
    await _upgrade_to(first, "0001")
    for sql in (
        "INSERT INTO shop (id, name, created_at) VALUES ('s', '青瓷', 1)",
        "INSERT INTO inbox (id, shop_id, kind, name, key, config, created_at)"
        " VALUES ('i', 's', 'webhook', 'bot', 'k', '{}', 1)",
        "INSERT INTO contact (id, shop_id, name, created_at) VALUES ('p', 's', '张三', 1)",
        "INSERT INTO identity (id, inbox_id, external_id, contact_id, name, created_at)"
        " VALUES ('d', 'i', 'u1', 'p', '张三', 1)",
        "INSERT INTO conversation (id, shop_id, inbox_id, contact_id, identity_id, stage,"
        " created_at) VALUES ('c', 's', 'i', 'p', 'd', 'open', 1)",
        "INSERT INTO outbox (id, conversation_id, seq, inbox_id, state, due_at)"
        " VALUES ('o', 'c', 2, 'i', 'queued', 1700)",
        "INSERT INTO entry (shop_id, id, body, position, revision, updated_at)"
        " VALUES ('s', 'e', '{\"shortcut\": \"fh\"}', 0, 2, 1),"
        " ('s', 'f', '{\"shortcut\": null}', 1, 1, 1)",
        'INSERT INTO entry_revision (shop_id, entry_id, revision, at, "by", body)'
        " VALUES ('s', 'e', 1, 1, NULL, '{}'), ('s', 'e', 2, 1, 'a', '{}')",
    ):
        await _run(first, sql)
    assert await ensure(first.data, first.url)
    assert await current(first.data, first.url) == HEAD
    engine = create_async_engine(_alchemy(first))
    async with engine.connect() as connection:
        rows = await connection.execute(sa.text("SELECT id, seq, created_at, tries FROM outbox"))
        assert [tuple(one) for one in rows] == [("o", 2, 1700, 0)]
        rows = await connection.execute(sa.text("SELECT id, shortcut FROM entry ORDER BY id"))
        assert [tuple(one) for one in rows] == [("e", "fh"), ("f", None)]
        rows = await connection.execute(sa.text("SELECT change FROM entry_revision ORDER BY 1"))
        assert [one[0] for one in rows] == ["changed", "imported"]
        assert await connection.run_sync(_differences) == []
    await engine.dispose()


def test_known_versions_are_the_version_files() -> None:
    scripts = ScriptDirectory.from_config(_alembic())
    assert scripts.get_heads() == [HEAD]
    assert {one.revision for one in scripts.walk_revisions()} == set(KNOWN)


def _differences(connection: sa.Connection) -> list[object]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, metadata))


def _alembic() -> Config:
    config = Config()
    folder = Path(migrate.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    return config


async def _upgrade_to(database: Database, version: str) -> None:
    config = _alembic()

    def upgrade(connection: sa.Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, version)

    engine = create_async_engine(_alchemy(database))
    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
    await engine.dispose()


def _alchemy(database: Database) -> str:
    if database.url:
        return database.url.replace("postgresql://", "postgresql+asyncpg://")
    return f"sqlite+aiosqlite:///{sqlite_file(database.data)}"


async def _run(database: Database, sql: str) -> None:
    engine = create_async_engine(_alchemy(database))
    async with engine.begin() as connection:
        await connection.execute(sa.text(sql))
    await engine.dispose()


async def _all_of_it(database: Database) -> object:
    """The file byte by byte; on PostgreSQL every column of every table."""
    if database.url is None:
        return sqlite_file(database.data).read_bytes()
    connection = await asyncpg.connect(database.url)
    columns = await connection.fetch(
        "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns"
        " WHERE table_schema = 'public' ORDER BY 1, 2"
    )
    await connection.close()
    return [tuple(one) for one in columns]
