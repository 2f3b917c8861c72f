"""Stale state plus events is fresh state: a screen that was opened long ago shows what a new one
does, whatever happened in between, for an agent, a member of another group and a lead."""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from console.events import (
    ConversationChanged,
    Event,
    MessageAdded,
    ReadByAgent,
    ReadByShopper,
    Recalled,
)
from console.model.conversation import Conversation, Overview
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import Availability, Role, Stage
from console.store import open_store, sqlite_file
from tests.desk.house import House, close_house, open_house
from tests.store.databases import migrated_file

SHOPPERS = 3
AGENTS = 3
SHOWN = (Stage.WAITING, Stage.OPEN)

shoppers = st.integers(0, SHOPPERS - 1)
agents = st.integers(0, AGENTS - 1)
chats = st.integers(0, 9)
seqs = st.integers(0, 12)

Screen = dict[str, Overview]


def shown(screen: Screen, agent: Agent, event: Event) -> None:
    """What a console does with an event."""
    match event:
        case ConversationChanged(overview):
            one = overview.conversation
            if one.stage in SHOWN and agent.may_see(one.shop_id, one.group_id, one.agent_id):
                screen[one.id] = overview
            else:
                screen.pop(one.id, None)
        case (
            MessageAdded(conversation)
            | ReadByAgent(conversation)
            | ReadByShopper(conversation)
            | Recalled(conversation)
        ):
            _update(screen, conversation)


def _update(screen: Screen, conversation: Conversation) -> None:
    if conversation.id in screen:
        screen[conversation.id] = replace(screen[conversation.id], conversation=conversation)


def comparable(overview: Overview) -> Overview:
    """The place and the estimate follow from the whole queue, which `queue` events tell of."""
    return replace(overview, place=None, estimate_s=None)


class Walk(RuleBasedStateMachine):
    """A random walk of verbs at one desk."""

    template: Path

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
        self.agents = [
            await self.house.agent("王芳", "售前", capacity=2),
            await self.house.agent("李雷", "售后", capacity=1),
            await self.house.agent("店长", role=Role.OWNER, state=Availability.BUSY),
        ]
        self.people = [await self.house.shopper(inbox) for inbox in self.inboxes]
        self.screens: list[Screen] = [await self._fresh(agent) for agent in self.agents]
        self.house.heard.clear()

    async def _fresh(self, agent: Agent) -> Screen:
        state = await self.desk.views.desk(agent, {})
        return {one.conversation.id: one for one in state.overviews}

    def teardown(self) -> None:
        self.runner.run(close_house(self.house))
        self.runner.close()
        shutil.rmtree(self.folder)

    @invariant()
    def every_screen_is_fresh(self) -> None:
        for agent, screen in zip(self.agents, self.screens, strict=True):
            for event in self.house.heard:
                shown(screen, agent, event)
            fresh = self.runner.run(self._fresh(agent))
            assert {key: comparable(one) for key, one in screen.items()} == {
                key: comparable(one) for key, one in fresh.items()
            }
            assert all(one.inbox_name and one.contact_name for one in screen.values())
        self.house.heard.clear()

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

    @rule(who=shoppers)
    def human(self, who: int) -> None:
        self.do(self.desk.intake.human(self.inboxes[who], self.people[who]))

    @rule(who=shoppers, score=st.integers(1, 5))
    def rate(self, who: int, score: int) -> None:
        self.do(self.desk.intake.rate(self.inboxes[who], self.people[who], score, [], ""))

    @rule(who=shoppers, seq=seqs)
    def shopper_reads(self, who: int, seq: int) -> None:
        self.do(self.desk.intake.read(self.people[who], seq))

    @rule(who=shoppers)
    def page(self, who: int) -> None:
        self.do(self.desk.intake.page(self.people[who], f"/p/{who}", "青瓷壶", None))

    @rule(who=agents, chat=chats, private=st.booleans())
    def say(self, who: int, chat: int, private: bool) -> None:
        self.do(self.house.answer(self.agents[who], self.chat(chat), "在的", private=private))

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

    @rule(who=agents, chat=chats, seq=seqs)
    def recall(self, who: int, chat: int, seq: int) -> None:
        self.do(self.desk.floor.recall(self.agents[who], self.chat(chat), seq))

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

    @rule()
    def drain(self) -> None:
        self.do(self.desk.routing.drain(self.house.shop_id))


def test_stale_state_and_events_are_fresh_state(tmp_path_factory: pytest.TempPathFactory) -> None:
    Walk.template = migrated_file(tmp_path_factory.getbasetemp())
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
