"""The walk beside the model: rules of what happens, and what must hold after each. test_model walks
it on both databases; a subclass knows how one is opened, and what a power cut leaves of it."""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from console.desk.intake import Accepted
from console.model.conversation import Message
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import Availability, GroupId, Role, Stage
from console.store import Store
from tests.desk.house import House, close_house, node, open_house
from tests.desk.model import Inbox, Real, Shop, Staff, Talk, Word, everything, same_words

PEOPLE = 4
AGENTS = 4
GRACE_S = 60.0

persons = st.integers(0, PEOPLE - 1)
agents = st.integers(0, AGENTS - 1)
talks = st.integers(0, 9)
seqs = st.integers(0, 9)
texts = st.sampled_from(["在吗", "什么时候发货？", "<b>'; --", "😀"])


class Walk(RuleBasedStateMachine):
    """Subclasses know how a database is opened, and what a power cut leaves of it."""

    template: Any

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp())
        self.keys = 0

    async def first_store(self) -> Store:
        raise NotImplementedError

    async def cut_power(self) -> Store:
        """The database as it is found when the power is back."""
        raise NotImplementedError

    @initialize()
    def open(self) -> None:
        self.runner.run(self._open())

    async def _open(self) -> None:
        self.house: House = await open_house(await self.first_store())
        inboxes = [
            self.house.inbox,
            await self.house.inbox_with(group="售后"),
            await self.house.inbox_with(robot="true"),
            await self.house.inbox_with(reopen_hours="0"),
        ]
        self.people = [(await self.house.shopper(one), one) for one in inboxes]
        self.agents = [
            await self.house.agent("王芳", "售前", capacity=2),
            await self.house.agent("李雷", "售后", capacity=1),
            await self.house.agent("韩梅", "售前", "售后", capacity=1, state=Availability.BUSY),
            await self.house.agent("店长", role=Role.OWNER, state=Availability.AWAY),
        ]
        state = await self.house.desk.views.desk(self.agents[3], {})
        self.groups = {one.name: one.id for one in state.groups}
        kinds = [Inbox(), Inbox(self.groups["售后"]), Inbox(robot=True), Inbox(reopen_s=0)]
        named = zip(self.people, kinds, strict=True)
        self.shop = Shop(
            [Staff(one, one.state) for one in self.agents],
            {person: kind for (person, _), kind in named},
        )

    def teardown(self) -> None:
        self.runner.run(close_house(self.house))
        self.runner.close()
        shutil.rmtree(self.folder)

    @invariant()
    def the_shop_is_as_the_model_says(self) -> None:
        self.runner.run(self._compare())

    async def _compare(self) -> None:
        real = await self.house.store.read(everything)
        assert real.keys() == self.shop.talks.keys()
        self.shop.learn(real)
        for key, expected in self.shop.talks.items():
            now, messages, senders = real[key]
            assert (now.stage, now.agent_id, now.group_id, now.assign_epoch) == (
                expected.stage, expected.owner, expected.group, expected.epoch,
            ), key  # fmt: skip
            assert (now.waiting_since is not None) == expected.unanswered, key
            same_words(now, messages, senders, expected)
        for agent in self.agents:
            await self._sees_what_is_theirs(agent)

    async def _sees_what_is_theirs(self, agent: Agent) -> None:
        state = await self.house.desk.views.desk(agent, dict.fromkeys(self.shop.talks, 0))
        theirs = {key for key, one in self.shop.talks.items() if self.shop.sees(agent, one)}
        assert {one.conversation.id for one in state.overviews} == theirs
        assert not state.more
        shown: dict[str, list[str]] = {key: [] for key in theirs}
        for message in state.messages:
            shown[message.conversation_id].append(message.text)
        assert shown == {key: [word.text for word in self.shop.talks[key].words] for key in theirs}

    def do(self, deed: Coroutine[Any, Any, Any]) -> Any:
        """What the deed returns, or the code of its refusal."""

        async def run() -> Any:
            try:
                return await deed
            except Refused as no:
                return no.code

        self.house.clock.forward(seconds=7)
        self.house.stopwatch.at += 7
        return self.runner.run(run())

    def new_key(self) -> str:
        self.keys += 1
        return f"key {self.keys}"

    def talk_of(self, agent: Agent, number: int) -> tuple[str, Talk | None]:
        """A talk, and what the agent sees of it."""
        if not self.shop.talks:
            return "none yet", None
        key = list(self.shop.talks)[number % len(self.shop.talks)]
        one = self.shop.talks[key]
        return key, one if self.shop.sees(agent, one) else None

    def sends(self, who: int, text: str, key: str) -> Coroutine[Any, Any, Accepted]:
        person, inbox = self.people[who]
        return self.house.ask(person, text, key=key, inbox=inbox)

    def heard_of(self, message: Message, sender: str, key: str, text: str) -> None:
        """A shopper's message was accepted: add it to the model."""
        person = sender.removeprefix("s:")
        now = self.house.clock()
        one = self.shop.accept(person, now)
        if one is None:
            assert message.conversation_id not in self.shop.talks
            one = Talk(person, self.shop.inboxes[person].group)
            self.shop.talks[message.conversation_id] = one
        assert self.shop.talks[message.conversation_id] is one
        assert (message.seq, message.shopper_seq) == one.add(Word(sender, key, text, False, now))
        self.shop.ask(one)
        self.shop.said[sender, key] = (text, message.id, message.seq)

    @rule(who=persons, text=texts)
    def send(self, who: int, text: str) -> None:
        key, sender = self.new_key(), f"s:{self.people[who][0]}"
        accepted = self.do(self.sends(who, text, key))
        assert not accepted.duplicate
        self.heard_of(accepted.message, sender, key, text)

    @rule(who=persons, text=texts, times=st.integers(2, 4))
    def send_and_hear_nothing(self, who: int, text: str, times: int) -> None:
        """The acknowledgement is lost: the client sends the same again, even before it is done."""
        key, sender = self.new_key(), f"s:{self.people[who][0]}"

        async def all_at_once() -> list[Accepted]:
            return await asyncio.gather(*(self.sends(who, text, key) for _ in range(times)))

        accepted = self.do(all_at_once())
        assert [one.duplicate for one in accepted].count(False) == 1
        assert len({(one.message.id, one.message.seq) for one in accepted}) == 1
        self.heard_of(accepted[0].message, sender, key, text)

    @rule(who=persons, which=talks, changed=st.booleans())
    def send_again(self, who: int, which: int, changed: bool) -> None:
        sender = f"s:{self.people[who][0]}"
        said = [(key, one) for (by, key), one in self.shop.said.items() if by == sender]
        if not said:
            return
        key, (text, message_id, seq) = said[which % len(said)]
        answer = self.do(self.sends(who, f"{text}{'!' if changed else ''}", key))
        if changed:
            assert answer == "conflict"
        else:
            assert (answer.duplicate, answer.message.id) == (True, message_id)
            assert answer.message.seq == seq

    @rule(who=persons)
    def human(self, who: int) -> None:
        person, inbox = self.people[who]
        one = self.shop.accept(person, self.house.clock())
        begun = one is None
        self.do(self.house.desk.intake.human(inbox, person))
        if one is None:
            one = Talk(person, self.shop.inboxes[person].group)
        self.shop.human(one)
        if begun:
            real = self.runner.run(self.house.store.read(everything))
            (key,) = real.keys() - self.shop.talks.keys()
            self.shop.talks[key] = one

    @rule(who=agents, number=talks, text=texts, private=st.booleans(), again=st.booleans())
    def say(self, who: int, number: int, text: str, private: bool, again: bool) -> None:
        agent, key = self.agents[who], self.new_key()
        held, one = self.talk_of(agent, number)
        deed = self.house.answer
        answer = self.do(deed(agent, held, text, key=key, private=private))
        refusal = "not_found" if one is None else self.shop.say(agent, one, private=private)
        if one is None or refusal is not None:
            assert answer == refusal
            return
        word = Word(f"a:{agent.id}", key, text, private, self.house.clock())
        assert answer.message.seq == one.add(word)[0]
        if again:
            repeat = self.do(deed(agent, held, text, key=key, private=private))
            assert (repeat.duplicate, repeat.message.id) == (True, answer.message.id)
            assert self.do(deed(agent, held, "别的", key=key, private=private)) == "conflict"

    @rule(who=agents, number=talks)
    def take(self, who: int, number: int) -> None:
        agent = self.agents[who]
        held, one = self.talk_of(agent, number)
        answer = self.do(self.house.desk.floor.take(agent, held))
        refusal = "not_found" if one is None else self.shop.take(agent, one)
        assert refusal == (answer if isinstance(answer, str) else None)

    @rule(who=agents)
    def take_next(self, who: int) -> None:
        agent = self.agents[who]
        waiting = {
            key
            for key, one in self.shop.talks.items()
            if one.stage is Stage.WAITING and self.shop.sees(agent, one)
        }
        answer = self.do(self.house.desk.floor.take(agent, None))
        if not waiting:
            assert answer == "not_found"
            return
        assert answer.conversation.id in waiting
        self.shop.take(agent, self.shop.talks[answer.conversation.id])

    @rule(
        who=agents, number=talks, to=agents | st.sampled_from(["售前", "售后"]),
        note=st.sampled_from([None, "请看"]),
    )  # fmt: skip
    def hand_over(self, who: int, number: int, to: int | str, note: str | None) -> None:
        agent = self.agents[who]
        held, one = self.talk_of(agent, number)
        target = self.agents[to].id if isinstance(to, int) else None
        group: GroupId | None = self.groups[to] if isinstance(to, str) else None
        answer = self.do(
            self.house.desk.floor.hand_over(agent, held, to_agent=target, to_group=group, note=note)
        )
        refusal = "not_found"
        if one is not None:
            refusal = self.shop.give(agent, one, to=target, group=group) or ""
        assert (answer or "") == refusal
        if one is not None and not refusal and note:
            one.add(Word(f"a:{agent.id}", None, note, True, self.house.clock()))

    @rule(who=agents, number=talks)
    def close(self, who: int, number: int) -> None:
        agent = self.agents[who]
        held, one = self.talk_of(agent, number)
        answer = self.do(self.house.desk.floor.close(agent, held, None))
        now = self.house.clock()
        assert answer == ("not_found" if one is None else self.shop.close(agent, one, now))

    @rule(who=agents, number=talks)
    def reopen(self, who: int, number: int) -> None:
        agent = self.agents[who]
        held, one = self.talk_of(agent, number)
        answer = self.do(self.house.desk.floor.reopen(agent, held))
        assert answer == ("not_found" if one is None else self.shop.reopen(agent, one))

    @rule(who=agents, number=talks, seq=seqs)
    def recall(self, who: int, number: int, seq: int) -> None:
        agent = self.agents[who]
        held, one = self.talk_of(agent, number)
        answer = self.do(self.house.desk.floor.recall(agent, held, seq))
        now = self.house.clock()
        assert answer == ("not_found" if one is None else self.shop.recall(agent, one, seq, now))

    @rule(who=agents, state=st.sampled_from(list(Availability)))
    def available(self, who: int, state: Availability) -> None:
        agent = self.agents[who]
        self.do(self.house.desk.floor.available(agent, state, None))
        self.shop.staff[agent.id].state = state

    @rule(who=agents)
    def leave(self, who: int) -> None:
        agent = self.agents[who]
        self.house.desk.left(agent, f"window of {agent.name}")
        self.shop.staff[agent.id].present = False
        self.do(self.house.desk.routing.drain(self.house.shop_id))

    @rule(who=agents)
    def come_back(self, who: int) -> None:
        agent = self.agents[who]
        self.do(self.house.desk.arrived(agent, f"window of {agent.name}"))
        self.shop.staff[agent.id].present = True

    @rule()
    def stay_away(self) -> None:
        """Those who left do not come back in time."""
        stopwatch = self.house.stopwatch
        stopwatch.at += GRACE_S
        self.do(self.house.desk.watch(lambda _: stopwatch()))
        for key, one in self.shop.staff.items():
            if not one.present:
                self.shop.release(key, self.house.clock())

    @rule(who=persons, cursor=seqs)
    def shopper_reconnects(self, who: int, cursor: int) -> None:
        person, inbox = self.people[who]
        found = self.shop.current(person)
        words = self.shop.talks[found].words if found else []
        theirs = [one.text for one in words if not one.private]
        after = min(cursor, len(theirs))
        state = self.do(self.house.desk.views.shopper(inbox, person, after))
        assert [one.text for one in state.messages] == theirs[after:]
        assert [one.shopper_seq for one in state.messages] == [*range(after + 1, len(theirs) + 1)]
        assert (state.overview.conversation.id if state.overview else None) == found

    @rule(who=agents, cursors=st.dictionaries(talks, seqs, max_size=4))
    def agent_reconnects(self, who: int, cursors: dict[int, int]) -> None:
        agent, asked = self.agents[who], {}
        expected: list[tuple[str, int]] = []
        for number, cursor in cursors.items():
            held, one = self.talk_of(agent, number)
            last = len(self.shop.talks[held].words) if held in self.shop.talks else 0
            asked[held] = min(cursor, last)
            if one is not None:
                expected = [pair for pair in expected if pair[0] != held]
                expected += [(held, seq) for seq in range(asked[held] + 1, last + 1)]
        state = self.do(self.house.desk.views.desk(agent, asked))
        got = [(str(one.conversation_id), one.seq) for one in state.messages]
        assert sorted(got) == sorted(expected)

    @rule(flights=st.lists(st.tuples(persons, texts), max_size=6), at=st.sampled_from([0, 1, 3]))
    def power_cut(self, flights: list[tuple[int, str]], at: int) -> None:
        """While some are writing; what was acknowledged before is there after, and each of the
        others is there once or not at all."""
        self.house.clock.forward(seconds=7)
        self.runner.run(self._power_cut(flights, at / 1000))

    async def _power_cut(self, flights: list[tuple[int, str]], pause: float) -> None:
        flying: dict[tuple[str, str], str] = {}
        tasks = {}
        for who, text in flights:
            sent = (f"s:{self.people[who][0]}", self.new_key())
            flying[sent] = text
            tasks[asyncio.create_task(self.sends(who, text, sent[1]))] = sent
        if tasks:
            await asyncio.wait(tasks, timeout=pause)
        heard = [one for one in tasks if one.done()]
        store = await self.cut_power()
        await asyncio.gather(*tasks, return_exceptions=True)
        acked = {tasks[one]: one.result().message for one in heard}
        before, self.house = self.house, node(self.house, store)
        await close_house(before)
        await self.house.desk.load()
        await self.house.desk.expect_agents(self.house.shop_id)
        real = await store.read(everything)
        for sent, message in self._landed(real, flying):
            self.heard_of(message, *sent, flying[sent])
            if sent in acked:
                assert acked.pop(sent).id == message.id
        assert acked == {}, "acknowledged, and lost"
        self.shop.learn(real)  # given away before the cut
        for one in self.shop.staff.values():
            one.present = False

    def _landed(
        self, real: Real, flying: dict[tuple[str, str], str]
    ) -> list[tuple[tuple[str, str], Message]]:
        """What is there and was not, in the order in which it came."""
        found = []
        for key, (_, messages, senders) in real.items():
            known = len(self.shop.talks[key].words) if key in self.shop.talks else 0
            for message, sender in list(zip(messages, senders, strict=True))[known:]:
                sent = (sender, message.client_id)
                assert flying[sent] == message.text
                found.append((sent, message))
        return found
