"""The judge of a ledger: lost, doubled, disordered, leaked, stuck, denied. Pure: it only reads.

lost      acknowledged and not stored; stored and not on the screen of who is there to read it
doubled   stored twice, acknowledged under two ids, shown twice
disorder  a sender's numbers do not rise; numbers with gaps; a screen in another order
leaked    a body reached somebody who never had the right to it
stuck     meant to be sent, and neither acknowledged nor reported as failed
denied    reported as failed, and yet stored
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import chain

from bench.chaos.bodies import Body
from bench.chaos.ledger import Intent, Ledger, Reader, Screen, Sent, Shown


@dataclass(frozen=True, slots=True)
class Verdict:
    """A sentence for each message that something is wrong with."""

    lost: list[str]
    doubled: list[str]
    disorder: list[str]
    leaked: list[str]
    stuck: list[str]
    denied: list[str]

    @property
    def sound(self) -> bool:
        return not any(getattr(self, one.name) for one in fields(self))

    def counts(self) -> dict[str, int]:
        return {one.name: len(getattr(self, one.name)) for one in fields(self)}

    def sentences(self, at_most: int) -> list[str]:
        """The first few of each kind."""
        return [
            f"{one.name}: {sentence}"
            for one in fields(self)
            for sentence in getattr(self, one.name)[:at_most]
        ]


def judge(ledger: Ledger) -> Verdict:
    return Verdict(
        lost=_each_once(_lost(ledger), _unshown(ledger)),
        doubled=_each_once(_doubled(ledger), _shown_twice(ledger)),
        disorder=_each_once(_disorder(ledger), _screens_disorder(ledger)),
        leaked=_each_once(_leaked(ledger)),
        stuck=[f"{_name(one)}: {one.tries} tries" for one in ledger.unsettled()],
        denied=_each_once(_denied(ledger)),
    )


def may_read(reader: Reader, body: Body, groups: set[str]) -> bool:
    """Whether a reader ever had the right to a body; `groups`: what its conversation was for."""
    if reader.secret is not None:
        return body.secret == reader.secret and not body.private
    return "" in groups or bool(reader.groups & groups) or body.secret in reader.given


def _each_once(*sentences: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(chain(*sentences)))


def _lost(ledger: Ledger) -> Iterator[str]:
    stored = {one.id: one for each in ledger.stored.values() for one in each}
    own = {(secret, one.id) for secret, each in ledger.own.items() for one in each}
    for intent in ledger.intents.values():
        for ack in intent.acks:
            found = stored.get(ack.id)
            if found is None or found.body is None:
                yield f"{_name(intent)}: acknowledged as {ack.id}, not stored"
            elif found.body != intent.body:
                yield f"{_name(intent)}: acknowledged as {ack.id}, which is {found.body}"
            elif not intent.body.private and (intent.body.secret, ack.id) not in own:
                yield f"{_name(intent)}: stored as {ack.id}, not in the shopper's history"


def _unshown(ledger: Ledger) -> Iterator[str]:
    for screen in ledger.screens.values():
        if screen.whole:
            shown = {one.id for one in screen.segments[-1]}
            for one in _truth(ledger, screen):
                if one.id not in shown:
                    yield f"{one.body or one.id}: never on the screen of {screen.reader}"


def _doubled(ledger: Ledger) -> Iterator[str]:
    for stored in (ledger.stored, ledger.own):
        counted = Counter(_sent(each for one in stored.values() for each in one))
        yield from (f"{_said(sent)}: stored {n} times" for sent, n in counted.items() if n > 1)
        ids = Counter(one.id for each in stored.values() for one in each)
        yield from (f"{id}: stored {n} times" for id, n in ids.items() if n > 1)
    for intent in ledger.intents.values():
        ids_given = {ack.id for ack in intent.acks}
        if len(ids_given) > 1:
            yield f"{_name(intent)}: acknowledged as {', '.join(sorted(ids_given))}"


def _shown_twice(ledger: Ledger) -> Iterator[str]:
    for screen in ledger.screens.values():
        for segment in screen.segments:
            counted = Counter(_sent(segment))
            for sent, n in counted.items():
                if n > 1:
                    yield f"{_said(sent)}: shown {n} times to {screen.reader}"


def _disorder(ledger: Ledger) -> Iterator[str]:
    for stored in (ledger.stored, ledger.own):
        for place, messages in stored.items():
            seqs = [one.seq for one in messages]
            if seqs != list(range(1, len(seqs) + 1)):
                yield f"{place}: its numbers have gaps or jump: {_around_fault(seqs)}"
            yield from _falling(messages, f"stored in {place}")
    yield from _misnumbered(ledger)


def _misnumbered(ledger: Ledger) -> Iterator[str]:
    desk = {one.id: one.seq for each in ledger.stored.values() for one in each}
    own = {one.id: one.seq for each in ledger.own.values() for one in each}
    for intent in ledger.intents.values():
        of_shopper = ledger.readers[intent.body.sender].secret is not None
        for ack in intent.acks:
            there = (own if of_shopper else desk).get(ack.id)
            if there is not None and there != ack.seq:
                yield f"{_name(intent)}: acknowledged as number {ack.seq}, stored as {there}"


def _screens_disorder(ledger: Ledger) -> Iterator[str]:
    for screen in ledger.screens.values():
        where = f"on the screen of {screen.reader}"
        truth = {one.seq: one.id for one in _truth(ledger, screen)}
        for segment in screen.segments:
            yield from _falling(segment, where)
            before = 0
            for one in segment:
                if one.seq <= before:
                    yield f"{one.body or one.id}: number {one.seq} after {before} {where}"
                before = one.seq
        for one in screen.segments[-1]:
            if one.seq in truth and truth[one.seq] != one.id:
                yield f"{one.body or one.id}: number {one.seq} {where}, stored as another"


def _leaked(ledger: Ledger) -> Iterator[str]:
    for name, body in sorted(ledger.heard):
        if not may_read(ledger.readers[name], body, ledger.groups_of[body.secret]):
            yield f"{body}: reached {name}"
    for place, messages in ledger.stored.items():
        secrets = {one.body.secret for one in messages if one.body}
        if len(secrets) > 1:
            yield f"{place}: holds the words of {len(secrets)} conversations"


def _denied(ledger: Ledger) -> Iterator[str]:
    stored = set(_sent(one for each in ledger.stored.values() for one in each))
    for sent, intent in ledger.intents.items():
        if intent.failed is not None and sent in stored:
            yield f"{_name(intent)}: reported as {intent.failed}, and stored"


def _truth(ledger: Ledger, screen: Screen) -> Sequence[Shown]:
    secret = ledger.readers[screen.reader].secret
    if secret is not None:
        return ledger.own.get(secret, [])
    return ledger.stored.get(screen.conversation, [])


def _falling(messages: Sequence[Shown], where: str) -> Iterator[str]:
    last: dict[str, int] = {}
    for one in messages:
        if one.body is None:
            continue
        if one.body.n < last.get(one.body.sender, 0):
            yield f"{one.body}: after number {last[one.body.sender]} of its sender, {where}"
        last[one.body.sender] = max(one.body.n, last.get(one.body.sender, 0))


def _around_fault(seqs: Sequence[int]) -> str:
    at = next((i for i, seq in enumerate(seqs, 1) if seq != i), len(seqs))
    return f"{list(seqs[max(0, at - 3) : at + 2])}"


def _sent(messages: Iterable[Shown]) -> Iterator[Sent]:
    return ((one.body.sender, one.body.n) for one in messages if one.body)


def _said(sent: Sent) -> str:
    return f"number {sent[1]} of {sent[0]}"


def _name(intent: Intent) -> str:
    return _said((intent.body.sender, intent.body.n))
