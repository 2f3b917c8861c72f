"""The instruments: what they hold, and that they cost the message path next to nothing."""

import time

from console.telemetry import LATENCY_S, Buckets, LiveFigures, StoreFigures

ROUNDS = 20_000


def test_a_value_falls_into_the_first_bucket_that_holds_it() -> None:
    one = Buckets((1, 2, 4))
    for value in (0.5, 1, 1.5, 4, 4.1):
        one.add(value)
    assert one.counts == [2, 1, 1, 1]
    assert (one.count, one.total) == (5, 11.1)


def test_a_commit_is_counted_with_its_units() -> None:
    store = StoreFigures()
    before = store.committed(3, time.perf_counter() - 0.2)
    assert (store.commits, store.units, store.seconds.count) == (1, 3, 1)
    assert 0.2 <= store.seconds.total < 5
    assert store.succeeded_at == before
    assert store.failed_at == 0
    store.lost()
    assert (store.failed, store.failed_at > before) == (1, True)


def test_events_have_a_clock_each() -> None:
    live = LiveFigures()
    clocks = live.events("/desk", ["say", "sync"])
    clocks["say"].add(0.02)
    assert live.acks["/desk", "say"].count == 1
    assert live.acks["/desk", "sync"].count == 0


def test_counting_costs_less_than_a_microsecond() -> None:
    """All that one message counts: its answer, its delivery, its name in a dictionary."""
    live = LiveFigures()
    clocks = live.events("/desk", ["say"])

    def message() -> None:
        begun = time.perf_counter()
        live.answering += 1
        live.answering -= 1
        clocks["say"].add(time.perf_counter() - begun)

    bare = min(_timed(lambda: None) for _ in range(5))
    assert min(_timed(message) for _ in range(5)) - bare < 2e-6
    counted = Buckets(LATENCY_S)
    assert min(_timed(lambda: counted.add(0.004)) for _ in range(5)) - bare < 1e-6


def _timed(deed: object) -> float:
    assert callable(deed)
    begun = time.perf_counter()
    for _ in range(ROUNDS):
        deed()
    return (time.perf_counter() - begun) / ROUNDS
