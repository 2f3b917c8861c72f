"""The judge sees what is wrong: a sound ledger passes, and each fault put into it is named."""

from collections.abc import Callable

import pytest

from bench.chaos.bodies import Body, bodies
from bench.chaos.ledger import Ack, Ledger, Reader, Shown
from bench.chaos.oracle import judge

ANNA, BERT, MAY, ZOE = "s1", "s2", "a1", "a2"
KINDS = ("lost", "doubled", "disorder", "leaked", "stuck", "denied")


def sound() -> Ledger:
    """Two conversations: one for the group of May, where Anna asks twice, May answers and notes;
    one for the group of Zoe, where Bert asks."""
    ledger = Ledger()
    for one in (
        Reader(ANNA, secret="aa"),
        Reader(BERT, secret="bb"),
        Reader(MAY, groups=frozenset({"before"})),
        Reader(ZOE, groups=frozenset({"after"})),
    ):
        ledger.readers[one.name] = one
    ledger.groups_of["aa"] = {"before"}
    ledger.groups_of["bb"] = {"after"}
    talk = [
        (Body("aa", ANNA, 1), 1, 1),
        (Body("aa", MAY, 1, True), 2, None),
        (Body("aa", MAY, 2), 3, 2),
        (Body("aa", ANNA, 2), 4, 3),
    ]
    other = [(Body("bb", BERT, 1), 1, 1)]
    for place, secret, rows in (("c1", "aa", talk), ("c2", "bb", other)):
        ledger.stored[place] = [shown(body, seq) for body, seq, _ in rows]
        ledger.own[secret] = [shown(body, own) for body, _, own in rows if own]
        for body, seq, own in rows:
            number = own if ledger.readers[body.sender].secret else seq
            ledger.intend(body, "key", 0.0).acks.append(Ack(name(body), number or 0, False, 0.0))
            for reader in (ANNA, MAY) if secret == "aa" else (BERT, ZOE):
                if not (body.private and ledger.readers[reader].secret):
                    ledger.heard.add((reader, body))
    for reader, place in ((ANNA, "aa"), (BERT, "bb")):
        ledger.screen(reader, place).segments[-1] += ledger.own[place]
    for reader, place in ((MAY, "c1"), (ZOE, "c2")):
        ledger.screen(reader, place).segments[-1] += ledger.stored[place]
    for screen in ledger.screens.values():
        screen.whole = True
    return ledger


def name(body: Body) -> str:
    return f"{body.sender}-{body.n}"


def shown(body: Body, seq: int) -> Shown:
    return Shown(name(body), seq, body)


def never_stored(ledger: Ledger) -> None:
    ledger.stored["c2"].clear()
    ledger.own["bb"].clear()
    for reader, place in ((BERT, "bb"), (ZOE, "c2")):
        ledger.screen(reader, place).segments = [[]]


def acknowledged_as_another(ledger: Ledger) -> None:
    intent = ledger.intents[ANNA, 2]
    intent.acks = [Ack(name(Body("aa", ANNA, 1)), 3, True, 0.0)]


def not_in_the_shoppers_history(ledger: Ledger) -> None:
    ledger.own["bb"].clear()
    ledger.screen(BERT, "bb").segments = [[]]


def never_on_the_agents_screen(ledger: Ledger) -> None:
    ledger.screen(MAY, "c1").segments[-1].pop()


def never_on_the_shoppers_screen(ledger: Ledger) -> None:
    ledger.screen(ANNA, "aa").segments[-1].pop()


def stored_twice(ledger: Ledger) -> None:
    again = Shown("other", 5, Body("aa", ANNA, 2))
    for rows in (ledger.stored["c1"], ledger.screen(MAY, "c1").segments[-1]):
        rows.append(again)
    for rows in (ledger.own["aa"], ledger.screen(ANNA, "aa").segments[-1]):
        rows.append(again._replace(seq=4))


def shown_twice(ledger: Ledger) -> None:
    rows = ledger.screen(ZOE, "c2").segments[-1]
    rows.append(rows[-1]._replace(seq=2))


def acknowledged_under_two_ids(ledger: Ledger) -> None:
    again = Shown("s2-1b", 2, None)
    for rows in (ledger.stored["c2"], ledger.own["bb"]):
        rows.append(again)
    for screen in (ledger.screen(BERT, "bb"), ledger.screen(ZOE, "c2")):
        screen.segments[-1].append(again)
    ledger.intents[BERT, 1].acks.append(Ack("s2-1b", 2, False, 0.0))


def a_gap_in_the_numbers(ledger: Ledger) -> None:
    for rows in (ledger.stored["c2"], ledger.screen(ZOE, "c2").segments[-1]):
        rows[0] = rows[0]._replace(seq=2)


def stored_in_another_order(ledger: Ledger) -> None:
    rows = ledger.stored["c1"]
    first, second = rows[0], rows[3]
    rows[0], rows[3] = (
        first._replace(id=second.id, body=second.body),
        second._replace(id=first.id, body=first.body),
    )


def shown_in_another_order(ledger: Ledger) -> None:
    rows = ledger.screen(ANNA, "aa").segments[-1]
    rows[0], rows[1] = rows[1], rows[0]


def acknowledged_under_another_number(ledger: Ledger) -> None:
    intent = ledger.intents[MAY, 2]
    intent.acks = [intent.acks[0]._replace(seq=2)]


def heard_by_another_shopper(ledger: Ledger) -> None:
    ledger.heard.add((BERT, Body("aa", ANNA, 1)))


def a_note_heard_by_the_shopper(ledger: Ledger) -> None:
    ledger.heard.add((ANNA, Body("aa", MAY, 1, True)))


def heard_by_an_agent_of_another_group(ledger: Ledger) -> None:
    ledger.heard.add((ZOE, Body("aa", ANNA, 1)))


def two_conversations_in_one(ledger: Ledger) -> None:
    ledger.stored["c1"].append(Shown("x", 5, Body("bb", BERT, 9)))
    ledger.screen(MAY, "c1").segments[-1].append(Shown("x", 5, Body("bb", BERT, 9)))


def never_answered(ledger: Ledger) -> None:
    ledger.intend(Body("aa", ANNA, 3), "key", 0.0)


def denied_and_stored(ledger: Ledger) -> None:
    intent = ledger.intents[MAY, 2]
    intent.acks, intent.failed = [], "not_found"


FAULTS: list[tuple[Callable[[Ledger], None], str]] = [
    (never_stored, "lost"),
    (acknowledged_as_another, "lost"),
    (not_in_the_shoppers_history, "lost"),
    (never_on_the_agents_screen, "lost"),
    (never_on_the_shoppers_screen, "lost"),
    (stored_twice, "doubled"),
    (shown_twice, "doubled"),
    (acknowledged_under_two_ids, "doubled"),
    (a_gap_in_the_numbers, "disorder"),
    (stored_in_another_order, "disorder"),
    (shown_in_another_order, "disorder"),
    (acknowledged_under_another_number, "disorder"),
    (heard_by_another_shopper, "leaked"),
    (a_note_heard_by_the_shopper, "leaked"),
    (heard_by_an_agent_of_another_group, "leaked"),
    (two_conversations_in_one, "leaked"),
    (never_answered, "stuck"),
    (denied_and_stored, "denied"),
]


def test_a_sound_ledger_is_found_sound() -> None:
    verdict = judge(sound())
    assert verdict.sentences(9) == []
    assert verdict.sound
    assert verdict.counts() == dict.fromkeys(KINDS, 0)


@pytest.mark.parametrize(("put_in", "kind"), FAULTS, ids=lambda one: getattr(one, "__name__", one))
def test_each_fault_is_seen(put_in: Callable[[Ledger], None], kind: str) -> None:
    ledger = sound()
    put_in(ledger)
    verdict = judge(ledger)
    assert not verdict.sound
    assert getattr(verdict, kind), verdict.sentences(9)


def test_every_kind_is_tried() -> None:
    assert {kind for _, kind in FAULTS} == set(KINDS)


def test_what_was_handed_over_may_be_read() -> None:
    ledger = sound()
    heard_by_an_agent_of_another_group(ledger)
    ledger.readers[ZOE].given.add("aa")
    assert judge(ledger).sound
    other = sound()
    heard_by_an_agent_of_another_group(other)
    other.groups_of["aa"].add("after")
    assert judge(other).sound


def test_what_was_cut_off_before_it_was_sent_is_no_fault() -> None:
    ledger = sound()
    ledger.intend(Body("aa", ANNA, 3), "key", 0.0).failed = "conflict"
    ledger.screen(ZOE, "c1")  # not whole: she was never there to read it
    assert judge(ledger).sound


def test_a_new_segment_begins_anew() -> None:
    ledger = sound()
    screen = ledger.screen(ANNA, "aa")
    screen.segments = [screen.segments[0][:2], list(screen.segments[0])]
    assert judge(ledger).sound


def test_bodies_are_found_in_whole_frames() -> None:
    one, note = Body("k1", "s1", 7), Body("k1", "a2", 8, private=True)
    frame = f'42/desk,["message",{{"text":"{one.text()}","preview":"{note.text()[:20]}"}}]'
    assert bodies(frame) == [one, note]
    assert bodies("[#k1.s1#] [#k1.s1.x#] 42") == []
