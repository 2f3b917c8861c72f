"""An agent who comes while nothing can be written is at the desk all the same."""

import pytest

from console.store.sqlite import SqliteStore
from tests.desk.house import close_house, open_house
from tests.store.databases import Database


async def test_the_queue_waits_and_the_agent_is_here(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    store = await sqlite_database.open()
    assert isinstance(store, SqliteStore)
    house = await open_house(store)
    try:
        await house.chat()
        agent = await house.agent("小青", here=False)
        store._raw.execute("PRAGMA query_only=ON")  # as a full disk: every write is refused
        await house.desk.arrived(agent, "window")
        store._raw.execute("PRAGMA query_only=OFF")
        assert house.desk.presence.here(agent.id)
        assert "the queue waits" in caplog.text
        assert await house.desk.routing.drain(house.shop_id) == 1
    finally:
        await close_house(house)
