"""The gates of a shop: its own, those of the program, and what its log says of them."""

from console.desk import Desk
from console.events import ShelfChanged
from console.model.people import Agent
from console.model.words import new_id, to_ms
from console.store import asked
from console.store.asked import Matched
from knowledge import Context, Gates
from knowledge.gates import NEEDED
from tests.desk.faq import FIRST, take
from tests.desk.house import House, node

OWN = Gates(show=0.5, sure=0.6, lead=0.3)


async def answered(house: House, agent: Agent, count: int, score: float, entry: str | None) -> None:
    """So many messages that scored so, with `fahuo` first, and what the answer came from."""
    used = {"entry": entry, "edited": False} if entry else None
    rows = []
    for _ in range(count):
        chat = await house.conversation(await house.chat("几时发"))
        row = Matched(
            chat.id, 1, chat.shop_id, chat.contact_id, None, chat.inbox_id, to_ms(house.clock()),
            None, "fahuo", score, score, shown=True,
        )  # fmt: skip
        rows.append(row)
        await house.desk.floor.say(agent, chat.id, client_id=new_id(), text="明天", suggestion=used)
    now = to_ms(house.clock())
    await house.store.write(lambda tx: asked.add(tx, rows, now))


async def test_a_shop_begins_with_those_of_the_program(house: House, desk: Desk) -> None:
    state = await desk.gating.state(house.shop_id)
    assert (state.gates, state.shipped, state.fitted) == (Gates(), Gates(), None)
    assert (state.evidence.answered, state.evidence.shown_share) == (0, None)


async def test_its_own_hold_at_once_and_after_a_start_and_go_again(
    house: House, desk: Desk
) -> None:
    await take(house, FIRST)
    house.heard.clear()
    await desk.gating.set(house.shop_id, show=OWN.show, sure=OWN.sure, lead=OWN.lead)
    assert (await desk.gating.state(house.shop_id)).gates == OWN
    assert house.told(ShelfChanged) == [ShelfChanged(house.shop_id)]
    other = node(house, house.store)
    await other.desk.load()
    assert other.desk.library.gates(house.shop_id) == OWN
    await take(house, {**FIRST, "tuihuo": "亲，十五天内可退。"})
    assert desk.library.gates(house.shop_id) == OWN, "an import leaves them alone"
    await desk.gating.reset(house.shop_id)
    assert (await desk.gating.state(house.shop_id)).gates == Gates()
    await other.desk.load()
    assert other.desk.library.gates(house.shop_id) == Gates()
    other.desk.library.close()


async def test_suggestions_go_by_them(house: House, desk: Desk) -> None:
    await take(house, FIRST)
    await desk.library.warm()

    async def shown(text: str) -> list[bool]:
        return [one.show for one in await desk.library.suggest(house.shop_id, text, Context())]

    assert (await shown("大概几天发货呀"))[0]
    await desk.gating.set(house.shop_id, show=1.0, sure=1.0, lead=0.0)
    assert not any(await shown("大概几天发货呀"))
    assert not (await desk.library.shows(house.shop_id, ["大概几天发货呀"]))[0]
    assert (await shown("几天发货"))[:2] == [True, False], "in an entry's own words"


async def test_the_log_says_what_they_do_and_which_would_fit(house: House, desk: Desk) -> None:
    agent = await house.agent("王芳", capacity=10_000)
    await answered(house, agent, 150, 0.6, "fahuo")
    await answered(house, agent, 49, 0.2, None)
    state = await desk.gating.state(house.shop_id)
    assert state.fitted is None
    assert (state.evidence.answered, state.needed) == (199, NEEDED)
    await answered(house, agent, 1, 0.6, "tuihuo")
    state = await desk.gating.state(house.shop_id)
    assert state.evidence.answered == NEEDED
    assert (state.evidence.shown_share, state.evidence.leak_share) == (1.0, 0.0)
    assert state.evidence.sure_right == round(150 / 151, 4)
    assert state.fitted == Gates(show=0.2001, sure=0.6, lead=0.6)
