"""A house on both databases for every test of the desk."""

from collections.abc import AsyncIterator

import pytest

from console.desk import Desk
from tests.desk.house import House, close_house, open_house
from tests.store.databases import Database, database, sqlite_database

__all__ = ["database", "sqlite_database"]


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    one = await open_house(await database.open())
    yield one
    await close_house(one)


@pytest.fixture
def desk(house: House) -> Desk:
    """The real desk of the house."""
    return house.desk
