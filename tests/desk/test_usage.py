"""How often an entry is said is counted with the answer, for those who may see the entry."""

from datetime import timedelta

import pytest

from console.desk import Desk
from console.desk.usage import KEPT, Used
from tests.desk.faq import FIRST, take
from tests.desk.house import House


@pytest.fixture
async def desk(house: House) -> Desk:
    await take(house, FIRST)
    return house.desk


async def test_answers_are_counted_by_entry(house: House, desk: Desk) -> None:
    wang, li = await house.agent("王芳"), await house.agent("李雷", here=False)
    chat = await house.chat("在吗")
    own = (
        await desk.editing.create(wang, {"question": "q", "answer": "a", "personal": True})
    ).entry

    async def say(text: str, entry: str, *, edited: bool = False) -> None:
        await desk.floor.say(
            wang, chat, client_id=f"client-{text}", text=text,
            suggestion={"entry": entry, "edited": edited},
        )  # fmt: skip

    await say("一", "fahuo")
    await say("二", "fahuo", edited=True)
    await say("三", own.id)
    await say("四", "made-up")
    await say("一", "fahuo")  # the same message again
    today = house.clock().astimezone().date()
    assert await desk.usage.listed(wang, 30) == [
        Used("fahuo", 2, 1, 2, today), Used(own.id, 1, 0, 1, today),
    ]  # fmt: skip
    assert await desk.usage.listed(li, 30) == [Used("fahuo", 2, 1, 0, today)]
    house.clock.forward(days=30)
    assert await desk.usage.listed(wang, 30) == []
    assert len(await desk.usage.listed(wang, 31)) == 2
    house.clock.now += KEPT - timedelta(days=29)
    await desk.usage.sweep()
    assert await house.rows("SELECT * FROM usage") == []
