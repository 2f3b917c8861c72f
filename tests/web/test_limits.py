"""Buckets and the counting of floods, by a clock that a test moves."""

from collections.abc import Callable

import pytest

from console.events import Flood
from console.model.refusal import Refused
from console.model.words import ShopId, new_id
from console.web import floods, limits
from console.web.floods import Floods
from console.web.limits import Buckets, Limits

SHOP = ShopId("shop")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def allowed(deed: Callable[[], None], *, most: int = 10_000) -> int:
    """How often a deed may be done at once."""
    for count in range(most):
        try:
            deed()
        except Refused:
            return count
    return most


def test_a_bucket_refills(clock: Clock) -> None:
    buckets = Buckets(burst=10, per_s=2, monotonic=clock)
    assert [buckets.take("a") for _ in range(10)] == [0.0] * 10
    assert buckets.take("a") == pytest.approx(0.5)
    assert buckets.take("b") == 0.0, "another's is full"
    clock.now += 0.4
    assert buckets.take("a") == pytest.approx(0.1), "what was refused cost nothing"
    clock.now += 0.1
    assert buckets.take("a") == 0.0
    assert buckets.take("a") > 0
    clock.now += 3600
    assert [buckets.take("a") for _ in range(10)] == [0.0] * 10
    assert buckets.take("a") > 0, "a long rest gives no more than a full bucket"


def test_what_is_remembered_is_bounded(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_REMEMBERED", 100)
    buckets = Buckets(burst=2, per_s=1, monotonic=clock)
    for key in range(100):
        buckets.take(key)
    clock.now += 10
    buckets.take("next")
    assert len(buckets) == 1, "full ones are forgotten"
    for _ in range(2):
        buckets.take("busy")
    for key in range(500):
        buckets.take(f"made up {key}")
    assert len(buckets) <= 100
    assert buckets.take("busy") > 0, "the emptiest is remembered"


@pytest.mark.parametrize(
    ("deed", "burst", "per_s"),
    [
        (lambda one: one.shopper("v", says=True), 10, 1),
        (lambda one: one.shopper("v", says=False), 100, 10),
        (lambda one: one.agent("a"), 500, 100),
        (lambda one: one.join("192.0.2.7"), 60, 1),
        (lambda one: one.knock("192.0.2.7"), 120, 2),
        (lambda one: one.begin("inbox", "192.0.2.7"), 30, 0.5),
        (lambda one: one.upload("a"), 20, 0.5),
        (lambda one: one.upload(new_id(), "192.0.2.7"), 60, 1),
    ],
    ids=["words", "signs", "agent", "join", "knock", "begin", "files", "files from"],
)
def test_each_limit(clock: Clock, deed: Callable[[Limits], None], burst: int, per_s: float) -> None:
    one = Limits(on=True, monotonic=clock)
    assert allowed(lambda: deed(one)) == burst
    clock.now += 20
    assert allowed(lambda: deed(one)) == min(burst, round(20 * per_s))
    with pytest.raises(Refused, match=r"wait \d+ s") as no:
        deed(one)
    assert no.value.code == "rate_limited"
    assert allowed(lambda: deed(Limits(on=False, monotonic=clock))) == 10_000


def test_connections_at_once(clock: Clock) -> None:
    one = Limits(on=True, monotonic=clock)
    assert allowed(lambda: one.enter("192.0.2.7")) == 20
    one.enter("192.0.2.8")
    one.leave("192.0.2.7")
    assert allowed(lambda: one.enter("192.0.2.7")) == 1
    off = Limits(on=False)
    assert allowed(lambda: off.enter("192.0.2.7"), most=100) == 100


def test_one_alarm_for_a_flood(clock: Clock) -> None:
    one = Floods(clock)
    for _ in range(floods.ALARM_AT - 1):
        one.note(SHOP, "192.0.2.7")
    assert one.news() == [], "a shopper in a hurry"
    one.note(SHOP, "192.0.2.8")
    assert one.news() == [Flood(SHOP, 20, 2)]
    assert one.news() == [], "nothing new"
    for number in range(3000):
        one.note(SHOP, f"made up {number}")
    assert one.news() == [Flood(SHOP, 3020, floods.MOST_NAMED)]
    clock.now += floods.CALM_S + 1
    assert one.news() == [Flood(SHOP, 0, 0)]
    assert one.news() == []


def test_a_hurry_that_passes_is_not_told(clock: Clock) -> None:
    one = Floods(clock)
    one.note(SHOP, "192.0.2.7")
    clock.now += floods.CALM_S + 1
    assert one.news() == []
