"""Stale state plus events is fresh state: a screen that was opened long ago shows what a new one
does, whatever happened in between, for an agent, a member of another group and a lead."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from channels.base import Inbound, SendFailed
from console.desk.leases import ARRIVALS
from console.events import Event
from console.model.refusal import Refused
from console.model.words import Availability, Role, new_id
from console.store import open_store, sqlite_file
from tests.desk import faq
from tests.desk.house import House, close_house, open_house
from tests.desk.outgoing import FAILING, REFUSED, SILENT, Outgoing
from tests.desk.screens import COVERED, EXCUSED, Screen
from tests.store.databases import migrated_file

GONE = SendFailed("content", retry=False, detail="40007")
SHOPPERS = 4
AGENTS = 3

shoppers = st.integers(0, SHOPPERS - 1)
agents = st.integers(0, AGENTS - 1)
chats = st.integers(0, 9)
seqs = st.integers(0, 12)


class Walk(RuleBasedStateMachine):
    """A random walk of verbs at one desk."""

    template: Path
    told: set[type[Event]]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, sqlite_file(self.folder))

    @initialize()
    def open(self) -> None:
        self.runner.run(self._open())

    async def _open(self) -> None:
        self.house: House = await open_house(await open_store(self.folder, None))
        self.desk = self.house.desk
        self.inboxes = [self.house.inbox, await self.house.inbox_with(group="售后", robot="true")]
        self.inboxes.append(await self.house.inbox_with(reopen_hours="0"))
        values = {"secret": "s", "url": "http://127.0.0.1:1/in"}
        bot = await self.desk.inboxes.add(self.house.shop_id, "webhook", "bot", values)
        self.agents = [
            await self.house.agent("王芳", "售前", capacity=2),
            await self.house.agent("李雷", "售后", capacity=1),
            await self.house.agent("店长", role=Role.OWNER, state=Availability.BUSY),
        ]
        self.people = [await self.house.shopper(inbox) for inbox in self.inboxes]
        self.inboxes.append(bot)
        self.people.append(await self.desk.entrance.person(bot, "u-1", "张三", greet_as="客户"))
        self.out = Outgoing(self.house, bot, self.agents[0])
        self.screens = [await Screen.fresh(self.desk, agent) for agent in self.agents]
        self.house.heard.clear()

    def teardown(self) -> None:
        self.runner.run(close_house(self.house))
        self.runner.close()
        shutil.rmtree(self.folder)

    @invariant()
    def every_screen_is_fresh(self) -> None:
        self.runner.run(self._compare())
        self.told |= {type(event) for event in self.house.heard}
        self.house.heard.clear()

    async def _compare(self) -> None:
        for screen in self.screens:
            for event in self.house.heard:
                await screen.hear(event)
            fresh = await Screen.fresh(self.desk, screen.agent, set(screen.threads))
            stale = screen.comparable()
            for name, value in fresh.comparable().items():
                assert stale[name] == value, f"{name} of {screen.agent.name}"
            assert all(one.inbox_name and one.contact_name for one in screen.overviews.values())

    def do(self, deed: Awaitable[Any]) -> None:
        """A verb that refuses must change nothing: the screens are compared just the same."""

        async def run() -> None:
            with suppress(Refused):
                await deed

        self.house.clock.forward(seconds=7)
        self.runner.run(run())

    def chat(self, number: int) -> str:
        found = self.runner.run(self.house.conversations())
        return found[number % len(found)] if found else "none yet"

    @rule(who=shoppers)
    def ask(self, who: int) -> None:
        self.do(self.house.ask(self.people[who], "在吗", inbox=self.inboxes[who]))

    @rule()
    def send_a_picture(self) -> None:
        media = {"id": "m", "type": "image"}
        inbound = Inbound(self.people[3], new_id(), "image", "", {"media": media})
        self.do(self.desk.intake.accept(self.inboxes[3], inbound))

    @rule(end=st.sampled_from([FAILING, GONE]))
    def picture_is_fetched(self, end: SendFailed) -> None:
        self.do(self._fetch(end))

    async def _fetch(self, end: SendFailed) -> None:
        await self.desk.leases.keep()
        epoch = self.desk.leases.held(ARRIVALS)
        assert epoch is not None
        for one in (await self.desk.arrivals.due(8)).awaited:
            await self.desk.arrivals.failed(one, end, epoch)

    @rule(who=shoppers)
    def human(self, who: int) -> None:
        self.do(self.desk.intake.human(self.inboxes[who], self.people[who]))

    @rule(who=shoppers, score=st.integers(1, 5))
    def rate(self, who: int, score: int) -> None:
        self.do(self.desk.intake.rate(self.inboxes[who], self.people[who], score, [], ""))

    @rule(who=shoppers, seq=st.sampled_from([1, 99]))
    def shopper_reads(self, who: int, seq: int) -> None:
        self.do(self.desk.intake.read(self.people[who], seq))

    @rule(who=shoppers)
    def page(self, who: int) -> None:
        self.do(self.desk.intake.page(self.people[who], f"/p/{who}", "青瓷壶", None))

    @rule(who=agents, chat=chats, private=st.booleans())
    def say(self, who: int, chat: int, private: bool) -> None:
        self.do(self.house.answer(self.agents[who], self.chat(chat), "在的", private=private))

    @rule(chat=chats, then=st.sampled_from(["", "recall"]))
    def its_agent_answers(self, chat: int, then: str) -> None:
        """And finds a slip."""
        held = self.chat(chat)
        rows = self.runner.run(
            self.house.rows("SELECT agent_id, last_seq FROM conversation WHERE id = $1", held)
        )
        for agent in self.agents:
            if rows and rows[0][0] == agent.id:
                self.do(self.house.answer(agent, held, "稍等"))
                if then:
                    self.do(self.desk.floor.recall(agent, held, rows[0][1] + 1))

    @rule(who=agents, chat=chats, following=st.booleans())
    def take(self, who: int, chat: int, following: bool) -> None:
        self.do(self.desk.floor.take(self.agents[who], None if following else self.chat(chat)))

    @rule(who=agents, chat=chats, to=agents, note=st.sampled_from([None, "请看"]))
    def hand_over(self, who: int, chat: int, to: int, note: str | None) -> None:
        self.do(
            self.desk.floor.hand_over(
                self.agents[who], self.chat(chat),
                to_agent=self.agents[to].id, to_group=None, note=note,
            )
        )  # fmt: skip

    @rule(who=agents, chat=chats, to=st.sampled_from(["售前", "售中", "售后"]))
    def hand_over_to_group(self, who: int, chat: int, to: str) -> None:
        self.do(
            self.desk.floor.hand_over(
                self.agents[who], self.chat(chat), to_agent=None, to_group=to, note="请看"
            )
        )

    @rule(who=agents, chat=chats, summary=st.sampled_from([None, "已解决"]))
    def close(self, who: int, chat: int, summary: str | None) -> None:
        self.do(self.desk.floor.close(self.agents[who], self.chat(chat), summary))

    @rule(who=agents, chat=chats)
    def reopen(self, who: int, chat: int) -> None:
        self.do(self.desk.floor.reopen(self.agents[who], self.chat(chat)))

    @rule(who=agents, chat=chats, seq=seqs)
    def agent_reads(self, who: int, chat: int, seq: int) -> None:
        self.do(self.desk.floor.read(self.agents[who], self.chat(chat), seq))

    @rule(who=agents, state=st.sampled_from(list(Availability)))
    def available(self, who: int, state: Availability) -> None:
        self.do(self.desk.floor.available(self.agents[who], state, None))

    @rule(who=agents)
    def leave_and_be_released(self, who: int) -> None:
        agent = self.agents[who]
        self.desk.left(agent, f"window of {agent.name}")
        self.do(self.desk.floor.release(agent.id))

    @rule(who=agents)
    def come_back(self, who: int) -> None:
        agent = self.agents[who]
        self.do(self.desk.arrived(agent, f"window of {agent.name}"))

    @rule(end=st.sampled_from([None, REFUSED, FAILING, SILENT]))
    def provider_answers(self, end: SendFailed | None) -> None:
        self.do(self._deliver(end))

    async def _deliver(self, end: SendFailed | None) -> None:
        dispatch = self.desk.dispatch
        for errand in await self.out.claim(await self.out.lease()):
            done = dispatch.sent(errand, "p") if end is None else dispatch.failed(errand, end)
            await done

    @rule(who=agents, number=chats, again=st.booleans())
    def settle_a_letter(self, who: int, number: int, again: bool) -> None:
        rows = self.runner.run(self.house.rows("SELECT id FROM outbox ORDER BY due_at, id"))
        if rows:
            undelivered, letter = self.desk.undelivered, rows[number % len(rows)][0]
            verb = undelivered.resend if again else undelivered.dismiss
            self.do(verb(self.agents[who], letter))

    @rule(entry=st.sampled_from(list(faq.FIRST)))
    def learn(self, entry: str) -> None:
        self.do(faq.take(self.house, {entry: faq.FIRST[entry]}))

    @rule()
    def drain(self) -> None:
        self.do(self.desk.routing.drain(self.house.shop_id))


def test_stale_state_and_events_are_fresh_state(tmp_path_factory: pytest.TempPathFactory) -> None:
    Walk.template = migrated_file(tmp_path_factory.getbasetemp())
    Walk.told = set()
    run = Walk.TestCase
    run.settings = settings(
        max_examples=20,
        stateful_step_count=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run("runTest").runTest()


def test_each_kind_of_event_keeps_a_screen_fresh(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A walk whose way is known, so that none is left to chance."""
    Walk.template = migrated_file(tmp_path_factory.getbasetemp())
    Walk.told = set()
    walk = Walk()
    walk.open()
    bot = 0
    steps: tuple[Callable[[], object], ...] = (
        lambda: walk.ask(3),
        lambda: walk.its_agent_answers(bot, ""),
        lambda: walk.shopper_reads(3, 99),
        lambda: walk.ask(3),
        lambda: [walk.agent_reads(who, bot, 99) for who in range(AGENTS)],
        lambda: walk.provider_answers(REFUSED),
        lambda: walk.hand_over_to_group(2, bot, "售后"),
        lambda: walk.settle_a_letter(2, 0, True),
        lambda: walk.its_agent_answers(bot, "recall"),
        lambda: walk.send_a_picture(),
        lambda: walk.picture_is_fetched(GONE),
        lambda: walk.learn("fahuo"),
        lambda: walk.leave_and_be_released(1),
        lambda: walk.hand_over_to_group(2, bot, "售后"),
    )
    for step in steps:
        step()
        walk.every_screen_is_fresh()
    walk.teardown()
    assert set(COVERED) <= Walk.told


def test_every_event_is_covered_or_excused() -> None:
    assert {*COVERED, *EXCUSED} == set(get_args(Event))
    assert not set(COVERED) & EXCUSED.keys()
