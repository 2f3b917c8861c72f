"""How many answers until when, by what the shopper did; and the typing mark. On a moved clock."""

from typing import Any

import pytest

from sandbox import Kind
from tests.sandbox.conftest import Far

HOURS_48 = 48 * 3600


async def until_refused(far: Far, kind: Kind = Kind.OFFICIAL) -> tuple[int, int]:
    """How many answers are taken, and the code of the first that is not."""
    for count in range(20):
        code = (await far.say("在", kind))["errcode"]
        if code:
            return count, code
    raise AssertionError("there is no end to it")


@pytest.mark.parametrize(
    ("kind", "deed", "count", "lasts_s"),
    [
        (Kind.OFFICIAL, {"type_": "text", "text": "在"}, 5, HOURS_48),
        (Kind.OFFICIAL, {"type_": "image"}, 5, HOURS_48),
        (Kind.OFFICIAL, {"type_": "click", "key": "K"}, 3, 60),
        (Kind.OFFICIAL, {"type_": "menu", "key": "101", "text": "满意"}, 3, 60),
        (Kind.OFFICIAL, {"type_": "subscribe"}, 3, 60),
        (Kind.OFFICIAL, {"type_": "scan", "scene": "7"}, 3, 60),
        (Kind.MINI, {"type_": "text", "text": "在"}, 5, HOURS_48),
        (Kind.MINI, {"type_": "enter", "scene": "p"}, 1, 60),
        (Kind.KF, {"type_": "text", "text": "在"}, 5, HOURS_48),
    ],
)
async def test_what_a_deed_allows(
    far: Far, kind: Kind, deed: dict[str, Any], count: int, lasts_s: int
) -> None:
    used_up, closed = (95001, 95002) if kind is Kind.KF else (45047, 45015)
    assert await until_refused(far, kind) == (0, closed)
    await far.act(kind=kind, **deed)
    assert await until_refused(far, kind) == (count, used_up)
    await far.act(kind=kind, **deed)
    await far.play("clock", advance=lasts_s - 5)
    far.tokens.clear()
    assert (await far.say("在", kind))["errcode"] == 0
    far.tokens.clear()
    await far.play("clock", advance=5)
    assert await until_refused(far, kind) == (0, closed)


async def test_allowances_add_up_and_end_apart(far: Far) -> None:
    await far.act("text", text="在吗")
    await far.act("click", key="K")
    assert await until_refused(far) == (8, 45047)
    await far.act("click", key="K")
    assert await until_refused(far) == (3, 45047)


@pytest.mark.parametrize(
    "deed", [{"type_": "view", "url": "https://x.example"}, {"type_": "whereabouts"}]
)
async def test_what_allows_nothing(far: Far, deed: dict[str, Any]) -> None:
    await far.act(**deed)
    assert await until_refused(far) == (0, 45015)


async def test_who_left_gets_nothing(far: Far) -> None:
    await far.act("text", text="在吗")
    await far.act("unsubscribe")
    assert await until_refused(far) == (0, 45015)


async def typing(far: Far, command: str, kind: Kind = Kind.OFFICIAL, path: str = "custom") -> int:
    body = {"touser": far.user(kind), "command": command}
    return int((await far.post(f"message/{path}/typing", body, kind))["errcode"])


async def test_typing(far: Far) -> None:
    assert await typing(far, "Typing") == 45080
    await far.act("text", text="在吗")
    assert await typing(far, "Tippen") == 45072
    assert await typing(far, "Typing") == 0
    assert await typing(far, "Typing") == 45081
    assert await typing(far, "CancelTyping") == 0
    assert await typing(far, "Typing") == 0
    await far.play("clock", advance=16)
    assert await typing(far, "Typing") == 0
    assert (await far.say("在"))["errcode"] == 0
    await far.play("clock", advance=31)
    assert await typing(far, "Typing") == 45080


async def test_typing_has_a_door_of_its_own_for_mini_programs(far: Far) -> None:
    await far.act("text", Kind.MINI, text="在吗")
    assert await typing(far, "Typing", Kind.MINI, "custom/business") == 0
    assert await typing(far, "Typing", Kind.OFFICIAL, "custom/business") == 48001
