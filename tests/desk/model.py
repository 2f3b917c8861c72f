"""What a shop should hold after any walk: plain lists and dicts beside the real one.

Each method is what a verb promises: it returns the code of the refusal to expect, or None and then
the model has moved. Who of several free agents gets a conversation is the desk's choice; the model
learns it in `learn` and says whether it was a right one.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from console.model.conversation import Conversation, Message
from console.model.people import Agent
from console.model.words import Availability, GroupId, Role, Stage
from console.store import Tx
from console.store import talk as stored

RECALL_WITHIN = timedelta(minutes=2)

Real = dict[str, tuple[Conversation, list[Message], list[str]]]


@dataclass
class Word:
    """A message. `key` None is any: notes of a hand-over and of the system."""

    sender: str
    key: str | None
    text: str
    private: bool
    at: datetime
    recalled: bool = False


@dataclass
class Talk:
    person: str
    group: GroupId | None
    stage: Stage = Stage.ROBOT
    owner: str | None = None
    epoch: int = 0
    unanswered: bool = False
    closed_at: datetime | None = None
    words: list[Word] = field(default_factory=list)

    def add(self, word: Word) -> tuple[int, int]:
        """Returns the numbers it gets: the desk's and the shopper's."""
        self.words.append(word)
        if word.sender.startswith("s:"):
            self.unanswered = True
        elif not word.private:
            self.unanswered = False
        return len(self.words), sum(not one.private for one in self.words)

    def move(self, stage: Stage, owner: str | None) -> None:
        self.stage, self.owner = stage, owner
        self.epoch += 1

    def queue(self) -> None:
        self.closed_at = None
        self.move(Stage.WAITING, None)


@dataclass
class Staff:
    agent: Agent
    state: Availability
    present: bool = True


@dataclass
class Inbox:
    group: GroupId | None = None
    robot: bool = False
    reopen_s: float = 24 * 3600


class Shop:
    """All talks by id, in the order of their beginning; what was said under which key."""

    def __init__(self, staff: list[Staff], inboxes: dict[str, Inbox]) -> None:
        self.staff: dict[str, Staff] = {one.agent.id: one for one in staff}
        self.inboxes = inboxes
        self.talks: dict[str, Talk] = {}
        self.said: dict[tuple[str, str], tuple[object, str, int]] = {}

    def current(self, person: str) -> str | None:
        return next((key for key in reversed(self.talks) if self.talks[key].person == person), None)

    def sees(self, agent: Agent, talk: Talk) -> bool:
        return agent.may_see(agent.shop_id, talk.group, talk.owner)  # type: ignore[arg-type]

    def load(self, agent_id: str) -> int:
        held = (one for one in self.talks.values() if one.owner == agent_id)
        return sum(one.stage is Stage.OPEN for one in held)

    def may_get(self, agent_id: str, talk: Talk) -> bool:
        """Whether an agent may be given a talk by the desk, apart from their load."""
        one = self.staff[agent_id]
        groups = {group.id for group in one.agent.groups}
        return (
            one.present
            and one.state is Availability.AVAILABLE
            and (talk.group is None or talk.group in groups)
        )

    def free(self, talk: Talk) -> list[str]:
        return [
            key
            for key, one in self.staff.items()
            if self.may_get(key, talk) and self.load(key) < one.agent.capacity
        ]

    def accept(self, person: str, now: datetime) -> Talk | None:
        """The talk that a shopper's words go on with; None where one begins."""
        found = self.current(person)
        if found is None:
            return None
        talk = self.talks[found]
        if talk.stage is Stage.CLOSED:
            assert talk.closed_at is not None
            if (now - talk.closed_at).total_seconds() > self.inboxes[person].reopen_s:
                return None
        return talk

    def ask(self, talk: Talk) -> None:
        """A shopper wrote: who has nobody gets in line."""
        robot = talk.stage is Stage.ROBOT and self.inboxes[talk.person].robot
        if not robot and talk.stage not in (Stage.OPEN, Stage.WAITING):
            talk.queue()

    def human(self, talk: Talk) -> None:
        if talk.stage not in (Stage.OPEN, Stage.WAITING):
            talk.queue()

    def say(self, agent: Agent, talk: Talk, *, private: bool) -> str | None:
        if private:
            return None
        if talk.stage is Stage.CLOSED or (talk.stage is Stage.OPEN and talk.owner != agent.id):
            return "conflict"
        if talk.owner != agent.id:
            talk.move(Stage.OPEN, agent.id)
        return None

    def take(self, agent: Agent, talk: Talk) -> str | None:
        if talk.stage is Stage.OPEN and talk.owner == agent.id:
            return None
        if talk.stage is Stage.CLOSED or (talk.stage is Stage.OPEN and not agent.leads):
            return "conflict"
        talk.move(Stage.OPEN, agent.id)
        return None

    def give(
        self, agent: Agent, talk: Talk, *, to: str | None, group: GroupId | None
    ) -> str | None:
        if talk.stage is Stage.CLOSED:
            return "conflict"
        if self._foreign(agent, talk):
            return "forbidden"
        if to is not None:
            talk.move(Stage.OPEN, to)
        else:
            talk.group = group
            talk.queue()
        return None

    def close(self, agent: Agent, talk: Talk, now: datetime) -> str | None:
        if talk.stage is Stage.CLOSED:
            return None
        if self._foreign(agent, talk):
            return "forbidden"
        talk.move(Stage.CLOSED, talk.owner)
        talk.closed_at, talk.unanswered = now, False
        return None

    def reopen(self, agent: Agent, talk: Talk) -> str | None:
        if talk.stage is not Stage.CLOSED:
            return "forbidden" if self._foreign(agent, talk) else "conflict"
        newest = self.current(talk.person)
        assert newest is not None
        if self.talks[newest] is not talk:
            return "conflict"
        talk.closed_at = None
        talk.move(Stage.OPEN, agent.id)
        return None

    def recall(self, agent: Agent, talk: Talk, seq: int, now: datetime) -> str | None:
        word = talk.words[seq - 1] if 0 < seq <= len(talk.words) else None
        if word is None or word.sender != f"a:{agent.id}":
            return "not_found"
        if not word.recalled and now - word.at > RECALL_WITHIN:
            return "conflict"
        word.recalled = True
        return None

    def release(self, agent_id: str, now: datetime) -> None:
        """An agent stayed away: what they left unanswered waits again, with a note."""
        for talk in self.talks.values():
            if talk.stage is Stage.OPEN and talk.owner == agent_id and talk.unanswered:
                name = self.staff[agent_id].agent.name
                note = Word("system", None, f"客服 {name} 已离线，会话回到排队", True, now)
                talk.add(note)
                talk.queue()

    def learn(self, real: Real) -> None:
        """Take over whom the desk chose for those who wait; raises when it may not be."""
        given = set()
        for key, talk in self.talks.items():
            now = real[key][0]
            if talk.stage is Stage.WAITING and now.stage is Stage.OPEN:
                assert now.agent_id is not None
                assert self.may_get(now.agent_id, talk), f"{key} was given to {now.agent_id}"
                talk.move(Stage.OPEN, now.agent_id)
                given.add(now.agent_id)
        for one in given:
            assert self.load(one) <= self.staff[one].agent.capacity, f"{one} is too full"
        for key, talk in self.talks.items():
            if talk.stage is Stage.WAITING:
                assert self.free(talk) == [], f"{key} waits though somebody is free"

    @staticmethod
    def _foreign(agent: Agent, talk: Talk) -> bool:
        mine = talk.owner == agent.id or talk.stage is not Stage.OPEN
        return not mine and agent.role is Role.AGENT


async def everything(tx: Tx) -> Real:
    ids = await tx.all("SELECT id FROM conversation ORDER BY created_at, id")
    real: Real = {}
    for (key,) in ids:
        one = await stored.find(tx, key)
        assert one is not None
        senders = await tx.all(
            "SELECT sender FROM message WHERE conversation_id = $1 ORDER BY seq", key
        )
        real[key] = (one, await stored.after(tx, key, 0, 10_000), [row[0] for row in senders])
    return real


def same_words(
    now: Conversation, messages: list[Message], senders: list[str], expected: Talk
) -> None:
    public = 0
    assert len(messages) == len(expected.words)
    for seq, (message, sender, word) in enumerate(
        zip(messages, senders, expected.words, strict=True), start=1
    ):
        public += not word.private
        assert (message.seq, message.shopper_seq) == (seq, None if word.private else public)
        assert (sender, message.text, message.private) == (word.sender, word.text, word.private)
        assert word.key in (None, message.client_id)
        assert (message.recalled_at is not None) == word.recalled
    assert (now.last_seq, now.shopper_seq) == (len(messages), public)
