"""Whole tables in and out, for `backup` and `restore`.

The database itself is asked what it holds, so that a table which a migration adds is never
forgotten. Rows travel in pages, in the order of the primary key: memory stays flat, and the same
statements serve both databases.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from console.model.words import Delivery, new_id
from console.store import places
from console.store.tx import Tx

Row = Sequence[Any]

PAGE = 500
VERSION = "alembic_version"

_SQLITE_COLUMNS = f"""SELECT m.name, c.name, lower(c.type) = 'boolean', c.pk
    FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '{VERSION}'
    ORDER BY m.name, c.cid"""
_SQLITE_NEEDS = """SELECT m.name, f."table" FROM sqlite_master m
    JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"""
_POSTGRES_COLUMNS = f"""SELECT t.relname::text, a.attname::text, a.atttypid = 'boolean'::regtype,
        coalesce((SELECT k.place FROM pg_index i,
            unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place)
            WHERE i.indrelid = t.oid AND i.indisprimary AND k.number = a.attnum), 0)
    FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
    WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace
        AND a.attnum > 0 AND NOT a.attisdropped AND t.relname <> '{VERSION}'
    ORDER BY t.relname, a.attnum"""
_POSTGRES_NEEDS = """SELECT t.relname::text, r.relname::text FROM pg_constraint c
    JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
    WHERE c.contype = 'f' AND c.connamespace = current_schema()::regnamespace"""


@dataclass(frozen=True, slots=True)
class Table:
    """`flags` are the columns that SQLite keeps as 0 and 1 and PostgreSQL as true and false."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    flags: frozenset[str]


async def tables(tx: Tx, kind: str) -> list[Table]:
    """Every table of ours, those that others refer to before those that do."""
    lite = kind == "sqlite"
    columns: dict[str, list[Sequence[Any]]] = {}
    for row in await tx.all(_SQLITE_COLUMNS if lite else _POSTGRES_COLUMNS):
        columns.setdefault(row[0], []).append(row)
    needs: dict[str, set[str]] = {name: set() for name in columns}
    for name, other in await tx.all(_SQLITE_NEEDS if lite else _POSTGRES_NEEDS):
        if name in needs and name != other:
            needs[name].add(other)
    return [_table(name, columns[name]) for name in TopologicalSorter(needs).static_order()]


async def revision(tx: Tx) -> str:
    """The schema's version as of this transaction."""
    row = await tx.one(f"SELECT version_num FROM {VERSION}")
    assert row is not None
    return str(row[0])


async def count(tx: Tx, table: Table) -> int:
    row = await tx.one(f"SELECT count(*) FROM {_quoted(table.name)}")
    return row[0] if row else 0


async def pages(tx: Tx, table: Table) -> AsyncIterator[list[list[Any]]]:
    """All rows, `PAGE` at a time."""
    places_of_key = [table.columns.index(name) for name in table.key]
    flags = [place for place, name in enumerate(table.columns) if name in table.flags]
    key, columns = _list(table.key), _list(table.columns)
    above = f" WHERE ({key}) > ({_numbers(len(table.key))})"
    first = f"SELECT {columns} FROM {_quoted(table.name)}"
    order = f" ORDER BY {key} LIMIT {PAGE}"
    rows = await tx.all(first + order)
    while rows:
        yield [_plain(row, flags) for row in rows]
        if len(rows) < PAGE:
            return
        last = [rows[-1][place] for place in places_of_key]
        rows = await tx.all(first + above + order, *last)


async def put(tx: Tx, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows whose values stand in the order of `columns`."""
    await tx.many(
        f"INSERT INTO {_quoted(table.name)} ({_list(columns)}) VALUES ({_numbers(len(columns))})",
        rows,
    )


async def count_on(tx: Tx, all_tables: Iterable[Table]) -> None:
    """PostgreSQL goes on numbering after the rows that were put in; SQLite does so by itself."""
    for table in all_tables:
        if len(table.key) != 1:
            continue
        column = table.key[0]
        row = await tx.one("SELECT pg_get_serial_sequence($1, $2)", _quoted(table.name), column)
        if row is not None and row[0] is not None:
            await tx.one(
                f"SELECT setval($1::text::regclass, coalesce(max({_quoted(column)}), 0) + 1, false)"
                f" FROM {_quoted(table.name)}",
                row[0],
            )


async def begin_anew(tx: Tx, reason: str) -> str:
    """What holds after a restore: another epoch, everybody signs in again, and words that waited to
    go out may have gone since the backup was made, so that only a person may send them again."""
    in_flight = "('queued', 'sending', 'retry')"
    await tx.run(
        f"""UPDATE message SET delivery = $1 WHERE delivery IN {in_flight} AND EXISTS (
            SELECT 1 FROM outbox o WHERE o.conversation_id = message.conversation_id
            AND o.seq = message.seq AND o.state IN {in_flight})""",
        Delivery.UNCONFIRMED,
    )
    await tx.run(
        f"UPDATE outbox SET state = $1, reason = $2 WHERE state IN {in_flight}",
        Delivery.UNCONFIRMED,
        reason,
    )
    await tx.run("DELETE FROM session")
    await places.keep_note(tx, "epoch", new_id())
    return await places.epoch(tx)


async def conversations(tx: Tx) -> int:
    row = await tx.one("SELECT count(*) FROM conversation")
    return row[0] if row else 0


def _table(name: str, columns: Sequence[Sequence[Any]]) -> Table:
    key = sorted((row[3], row[1]) for row in columns if row[3])
    return Table(
        name,
        tuple(row[1] for row in columns),
        tuple(column for _, column in key),
        frozenset(row[1] for row in columns if row[2]),
    )


def _plain(row: Sequence[Any], flags: Sequence[int]) -> list[Any]:
    values = list(row)
    for place in flags:
        if values[place] is not None:
            values[place] = bool(values[place])
    return values


def _quoted(name: str) -> str:
    return f'"{name}"'


def _list(names: Sequence[str]) -> str:
    return ", ".join(map(_quoted, names))


def _numbers(many: int) -> str:
    return ", ".join(f"${number}" for number in range(1, many + 1))
