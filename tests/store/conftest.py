"""Both databases, for the tests of the store."""

from tests.store.databases import database, postgres_database, sqlite_database, store

__all__ = ["database", "postgres_database", "sqlite_database", "store"]
