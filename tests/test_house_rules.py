"""The rules of the house catch what is bad, and leave alone what is good."""

from collections.abc import Callable

import pytest

from tests import house
from tests.house import Module
from tests.test_house import ALL, MAY_IMPORT, NAMES, WORLD

BAD: list[tuple[Callable[[Module], list[str]], str, str]] = [
    (house.badly_named, "console.desk.helpers", '"""x"""'),
    (house.badly_named, "console.manager", '"""x"""'),
    (house.undescribed, "console.a", "x = 1"),
    (house.too_long, "console.a", "x = 1\n" * 401),
    (house.too_long, "console.a", "def f() -> None:\n" + "    x = 1\n" * 50),
    (house.speaks_sql, "console.web.a", 'x = "SELECT id FROM agent"'),
    (house.speaks_sql, "console.web.a", 'x = f"update: {1}"; y = "UPDATE agent SET a = 1"'),
    (house.own_tasks, "console.web.a", "import asyncio\nasyncio.create_task(f())"),
    (lambda one: house.foreign_imports(one, WORLD), "knowledge.a", "from urllib import request"),
    (lambda one: house.hidden_imports(one, NAMES), "console.a", "def f():\n    import json\n"),
    (
        lambda one: house.hidden_imports(one, NAMES),
        "console.a",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from console.desk import Desk",
    ),
]
GOOD: list[tuple[Callable[[Module], list[str]], str, str]] = [
    (house.badly_named, "console.desk.score", ""),
    (house.too_long, "console.a", "def f() -> None:\n" + "    x = 1\n" * 49),
    (house.speaks_sql, "console.web.a", '"""Select what to update from the set."""'),
    (
        lambda one: house.hidden_imports(one, NAMES),
        "console.a",
        "def f():\n    # Deferred: slow.\n    import jwt\n\n    from console.desk import Desk\n",
    ),
]


@pytest.mark.parametrize(("check", "name", "text"), BAD)
def test_what_is_bad_is_caught(check: Callable[[Module], list[str]], name: str, text: str) -> None:
    assert len(check(Module(name, text))) == 1


@pytest.mark.parametrize(("check", "name", "text"), GOOD)
def test_what_is_good_is_left_alone(
    check: Callable[[Module], list[str]], name: str, text: str
) -> None:
    assert check(Module(name, text)) == []


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("console.web.new", "from console.store import places", "imports console.store.places"),
        ("channels.wechat", "from console.desk import Desk", "imports console.desk"),
        ("channels.wechat", "import channels.widget", "imports channels.widget"),
        ("channels.mail", "from channels import wechat_api", "imports channels.wechat_api"),
        ("console.model.new", "from console.events import Events", "imports console.events"),
        ("knowledge.new", "def f():\n    from console import clock", "imports console.clock"),
        ("console.brandnew", "", "has no rule"),
        ("elsewhere", "", "has no rule"),
    ],
)
def test_a_wrong_arrow_is_caught(name: str, text: str, sentence: str) -> None:
    new = Module(name, text)
    before = house.forbidden_imports(ALL, MAY_IMPORT)
    wrong = [one for one in house.forbidden_imports([*ALL, new], MAY_IMPORT) if one not in before]
    assert [line.split(": ", 1)[1] for line in wrong] == [sentence]


def test_a_ring_is_caught() -> None:
    ring = [
        Module("a", "from b import x"),
        Module("b", "def f():\n    import c"),
        Module("c", "from a import y"),
        Module("d", "import a"),
    ]
    assert house.cycles(ring) == ["a -> b -> c -> a"]
