"""微信客服: the list with its cursor, sessions, codes for one answer, ids of the shop's own."""

from typing import Any

import pytest

from sandbox import Kind
from tests.sandbox.conftest import Far
from tests.sandbox.endpoint import tag


async def sync(far: Far, **more: Any) -> Any:
    body = {"open_kfid": far.account(Kind.KF).address, **more}
    return await far.post("kf/sync_msg", body, Kind.KF)


def bell(far: Far) -> str:
    return tag(far.endpoint.heard[-1], "Token")


def texts(page: Any) -> list[str]:
    return [one["text"]["content"] for one in page["msg_list"]]


async def session(far: Far, path: str, **more: Any) -> Any:
    whole = {"open_kfid": far.account(Kind.KF).address, "external_userid": far.user(Kind.KF)}
    return await far.post(f"kf/service_state/{path}", {**whole, **more}, Kind.KF)


async def test_the_list_is_read_page_by_page(far: Far) -> None:
    for word in ("一", "二", "三"):
        await far.act("text", Kind.KF, text=word)
    first = await sync(far, token=bell(far), limit=2)
    assert (texts(first), first["has_more"]) == (["一", "二"], 1)
    second = await sync(far, token=bell(far), cursor=first["next_cursor"], limit=2)
    assert (texts(second), second["has_more"]) == (["三"], 0)
    third = await sync(far, token=bell(far), cursor=second["next_cursor"])
    assert (third["msg_list"], third["has_more"]) == ([], 0)
    assert texts(await sync(far, token=bell(far))) == ["一", "二", "三"]
    assert texts(await sync(far, token=bell(far), cursor="00000000.2")) == ["一", "二", "三"]
    one = first["msg_list"][0]
    assert (one["origin"], one["external_userid"]) == (3, far.user(Kind.KF))


async def test_an_empty_page_may_have_more_behind_it(far: Far) -> None:
    await far.act("text", Kind.KF, text="一")
    await far.play("faults", empty_pages=True)
    empty = await sync(far, token=bell(far))
    assert (empty["msg_list"], empty["has_more"]) == ([], 1)
    assert texts(await sync(far, token=bell(far), cursor=empty["next_cursor"])) == ["一"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"token": "made-up"}, 95007),
        ({"open_kfid": "wk-other"}, 95000),
        ({"cursor": "x" * 65}, 40058),
        ({"cursor": "nonsense"}, 40058),
        ({"limit": 0}, 40058),
        ({"limit": 1001}, 40058),
        ({"page": 1}, 40058),
    ],
)
async def test_a_wrong_question(far: Far, more: dict[str, Any], code: int) -> None:
    assert (await sync(far, **more))["errcode"] == code


async def test_tokens_of_callbacks_end(far: Far) -> None:
    await far.act("text", Kind.KF, text="一")
    await far.play("clock", advance=601)
    assert (await sync(far, token=bell(far)))["errcode"] == 95007
    codes = [(await sync(far))["errcode"] for _ in range(21)]
    assert codes == [0] * 20 + [45009]
    await far.play("clock", advance=61)
    assert (await sync(far))["errcode"] == 0


@pytest.mark.parametrize(("state", "code"), [(1, 0), (2, 95018), (3, 95018), (4, 95018)])
async def test_sending_needs_state_0_or_1(far: Far, state: int, code: int) -> None:
    await far.act("text", Kind.KF, text="在吗")
    assert (await far.say("在", Kind.KF))["errcode"] == 0
    moved = await session(far, "trans", service_state=state, servicer_userid="zhang")
    assert moved["errcode"] == 0
    assert ("msg_code" in moved) == (state != 1)
    assert (await session(far, "get"))["service_state"] == state
    assert (await far.say("在", Kind.KF))["errcode"] == code


async def test_moves_between_states(far: Far) -> None:
    assert (await session(far, "trans", service_state=3))["errcode"] == 95014
    assert (await session(far, "trans", service_state=9))["errcode"] == 40058
    assert (await session(far, "trans", service_state=4))["errcode"] == 0
    assert (await session(far, "trans", service_state=1))["errcode"] == 95016
    await far.act("text", Kind.KF, text="还在吗")
    assert (await session(far, "get"))["service_state"] == 0


async def test_an_id_is_used_once(far: Far) -> None:
    await far.act("text", Kind.KF, text="在吗")
    assert (await far.say("在", Kind.KF, msgid="own-1"))["msgid"] == "own-1"
    assert (await far.say("在", Kind.KF, msgid="own-1"))["errcode"] == 40058
    lines = far.chat(Kind.KF).lines
    assert [one.own for one in lines] == [True, False]


async def on_event(far: Far, code: str, type_: str = "text") -> int:
    content = {"content": "您好"} if type_ == "text" else {"media_id": "x"}
    body = {"code": code, "msgtype": type_, type_: content}
    return int((await far.post("kf/send_msg_on_event", body, Kind.KF))["errcode"])


async def test_a_welcome(far: Far) -> None:
    await far.act("enter", Kind.KF, scene="shop", key="p1")
    event = (await sync(far, token=bell(far)))["msg_list"][-1]["event"]
    assert (event["event_type"], event["scene"], event["scene_param"]) == (
        "enter_session",
        "shop",
        "p1",
    )
    assert await on_event(far, "made-up") == 40058
    assert await on_event(far, event["welcome_code"]) == 0
    assert await on_event(far, event["welcome_code"]) == 40058
    await far.act("enter", Kind.KF)
    again = (await sync(far, token=bell(far)))["msg_list"][-1]["event"]
    assert "welcome_code" not in again


async def test_a_code_ends(far: Far) -> None:
    await far.act("enter", Kind.KF)
    event = (await sync(far, token=bell(far)))["msg_list"][-1]["event"]
    await far.play("clock", advance=21)
    assert await on_event(far, event["welcome_code"]) == 40058
    moved = await session(far, "trans", service_state=2)
    assert await on_event(far, moved["msg_code"], "image") == 40007
    assert await on_event(far, moved["msg_code"]) == 0


async def test_a_failure_comes_later(far: Far) -> None:
    await far.act("text", Kind.KF, text="在吗")
    await far.play("faults", send_fails_later=1)
    sent = await far.say("在", Kind.KF)
    await far.play("settle")
    event = (await sync(far, token=bell(far)))["msg_list"][-1]["event"]
    assert (event["event_type"], event["fail_msgid"]) == ("msg_send_fail", sent["msgid"])


async def test_recall_and_accounts(far: Far) -> None:
    line = await far.act("text", Kind.KF, text="说错了")
    await far.act("recall", Kind.KF, msgid=line["msgid"])
    event = (await sync(far, token=bell(far)))["msg_list"][-1]["event"]
    assert event["recall_msgid"] == line["msgid"]
    [row] = (await far.post("kf/account/list", {}, Kind.KF))["account_list"]
    assert row["open_kfid"] == far.account(Kind.KF).address
