"""Both databases, for the tests of backup and restore."""

from tests.store.databases import database, postgres_database, sqlite_database, store

__all__ = ["database", "postgres_database", "sqlite_database", "store"]
