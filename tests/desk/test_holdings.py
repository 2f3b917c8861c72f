"""Ten thousand entries are found and listed in an instant, in the owner's order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from time import thread_time

import orjson
import pytest

from console.desk.holdings import Category, Held, Holdings
from console.shipped import FAQ
from knowledge import Entry, Gates, chinese, entries

MANY = 10_000
TODAY = date(2026, 1, 5)
MOST_S = 0.05


@pytest.fixture(scope="module")
def holdings() -> Holdings:
    shipped = entries.read(FAQ.read_text("utf-8"), file="faq.yaml").entries
    read = [(one, chinese.initials(one.question)) for one in shipped]
    held = [
        Held(replace(entry, id=f"{entry.id}-{n}"), 1, n, initials)
        for n, (entry, initials) in enumerate(read * (MANY // len(read) + 1))
    ]
    made = Holdings("青瓷小店", held[:MANY], Gates())
    listed(made, "")
    return made


def listed(holdings: Holdings, q: str) -> int:
    found = [holdings.listed(one) for one in holdings.search(q, "", "", TODAY)]
    orjson.dumps({"items": found, "total": len(found)})
    return len(found)


@pytest.mark.parametrize(("q", "there"), [("", True), ("fh", True), ("发货", True), ("没X", False)])
def test_a_list_costs_little(holdings: Holdings, q: str, there: bool) -> None:
    took = []
    for _ in range(5):
        begun = thread_time()
        assert bool(listed(holdings, q)) is there
        took.append(thread_time() - begun)
    assert min(took) < MOST_S


def test_the_tree_counts_what_is_below() -> None:
    paths = ["物流/发货", "售后", "物流", "", "物流/发货/急件", "售后/发货"]
    held = [Held(Entry(str(n), "问", "答", category=one), 1, n, "w") for n, one in enumerate(paths)]
    found = Holdings("", held, Gates()).categories()
    assert list(told(found)) == [
        ("物流", 3), ("物流/发货", 2), ("物流/发货/急件", 1),
        ("售后", 2), ("售后/发货", 1), ("", 1),
    ]  # fmt: skip


def told(categories: list[Category]) -> Iterator[tuple[str, int]]:
    for one in categories:
        yield one.path, one.count
        yield from told(list(one.under.values()))


def test_what_comes_back_stands_where_it_stood() -> None:
    held = [Held(Entry(one, "问", "答"), 1, n, "w") for n, one in enumerate("abc")]
    shop = Holdings("", held, Gates())
    shop.take([], ["a"])
    shop.take([held[0]])
    assert [one.id for one in shop.entries] == ["a", "b", "c"]
    assert shop.listed("z") is None
