"""A row in every table, whatever tables the schema has, and everything that is in a database."""

from typing import Any

import sqlalchemy as sa

from console.settings import Settings
from console.store import Store, Tx, dump
from console.store.schema import metadata
from tests.store.databases import Database

HARD = 'x\n"引号" \\ \u2028 😀 \x7f'
PLAIN = "x"


def settings(database: Database) -> Settings:
    return Settings(data=str(database.data), database_url=database.url or "")


def row(table: sa.Table) -> dict[str, Any]:
    """Ids and references are all the same word, so that every reference finds its row."""

    def value(column: sa.Column[Any]) -> Any:
        if isinstance(column.type, sa.Boolean):
            return True
        if isinstance(column.type, sa.Integer):
            return 2**40
        return PLAIN if column.primary_key or column.foreign_keys or column.unique else HARD

    return {column.name: value(column) for column in table.columns}


async def fill(store: Store) -> None:
    """One row in every table, and one more of words without the optional values."""

    async def work(tx: Tx) -> None:
        for table in await dump.tables(tx, store.kind):
            values = row(metadata.tables[table.name])
            await dump.put(tx, table, list(values), [list(values.values())])
        shop = {"id": "other", "name": "青瓷小店", "created_at": 1}
        table = next(one for one in await dump.tables(tx, store.kind) if one.name == "shop")
        await dump.put(tx, table, list(shop), [list(shop.values())])

    await store.write(work)


async def everything(store: Store) -> dict[str, list[list[Any]]]:
    """Every row of every table, by the names of the columns, in an order of its own."""

    async def work(tx: Tx) -> dict[str, list[list[Any]]]:
        found: dict[str, list[list[Any]]] = {}
        for table in await dump.tables(tx, store.kind):
            order = sorted(range(len(table.columns)), key=lambda place: table.columns[place])
            rows = [
                [one[place] for place in order]
                async for page in dump.pages(tx, table)
                for one in page
            ]
            found[table.name] = sorted(rows, key=repr)
        return found

    return await store.read(work)


async def contents(database: Database) -> dict[str, list[list[Any]]]:
    store = await database.open()
    try:
        return await everything(store)
    finally:
        await store.close()


def without_epoch(found: dict[str, list[list[Any]]]) -> dict[str, list[list[Any]]]:
    """A restore changes the epoch and signs everybody out, and nothing else."""
    kept = {name: rows for name, rows in found.items() if name != "session"}
    return {**kept, "meta": [one for one in kept["meta"] if "epoch" not in one]}
