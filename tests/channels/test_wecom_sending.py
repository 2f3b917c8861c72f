"""How what the desk says leaves for 微信客服, and how each of its answers is read."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from channels.base import Outbound, SendFailed
from channels.wecom import Wecom
from tests.channels.test_wecom import USER, config
from tests.channels.wechat_server import KF, WechatServer, wechat_server
from tests.channels.wires import wire

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def outbound(text: str = "今天发货", **more: Any) -> Outbound:
    given = {"kind": "text", "data": None, "part": 0, "content": None, **more}
    return Outbound(
        person=USER, key="k" * 20, text=text, conversation="c1", at=NOW, letter="l" * 20, **given
    )


async def sent(server: WechatServer, given: Outbound) -> tuple[str | None, bool]:
    server.people = {USER}
    async with wire() as line:
        receipt = await Wecom.send(config(server.url), given, line)
    return receipt.provider_id, receipt.more


async def failure(server: WechatServer, given: Outbound) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        await sent(server, given)
    assert failed.value.code in Wecom.reasons
    return failed.value


ITEMS = [{"id": "101", "text": "满意"}]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (outbound("今天\n<a>发货👌"), {"msgtype": "text", "text": {"content": "今天\n＜a>发货👌"}}),
        (outbound("x", data={"menu": {"head": "满意吗", "items": ITEMS}}),
         {"msgtype": "msgmenu", "msgmenu": {"head_content": "满意吗", "tail_content": "",
          "list": [{"type": "click", "click": {"id": "101", "content": "满意"}}]}}),
        (outbound("看看", kind="product", data={"title": "壶", "price": "¥1", "url": "http://s"}),
         {"msgtype": "text", "text": {"content": "看看\n壶\n¥1\nhttp://s"}}),
        (outbound("壶", data={"app": {"appid": "wx1", "path": "p.html", "thumb": "t"}}),
         {"msgtype": "miniprogram", "miniprogram": {
             "appid": "wx1", "title": "壶", "thumb_media_id": "t", "pagepath": "p.html"}}),
        (outbound(data={"media": {"id": "m", "type": "voice"}}),
         {"msgtype": "voice", "voice": {"media_id": "m"}}),
    ],
)  # fmt: skip
async def test_each_kind_leaves_as_wecom_takes_it(given: Outbound, said: Any) -> None:
    async with wechat_server() as server:
        server.files["m"] = ("audio/amr", b"#!AMR")
        assert await sent(server, given) == ("l" * 20 + "-0", False)
        assert server.said == [{"touser": USER, "open_kfid": KF, "msgid": "l" * 20 + "-0", **said}]
        assert server.refused == []


async def test_any_file_goes_up(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    path.write_bytes(b"%PDF-1.7")
    async with wechat_server() as server:
        await sent(server, outbound(kind="file", content=path))
        assert server.said[0]["file"] == {"media_id": "media-1"}


async def test_each_part_has_its_own_id() -> None:
    long = "这句话不短，说了又说。" * 100
    async with wechat_server() as server:
        done = [await sent(server, outbound(long, part=one)) for one in (0, 1)]
        assert done == [("l" * 20 + "-0", True), ("l" * 20 + "-1", False)]
        assert "".join(server.texts()) == long


@pytest.mark.parametrize(
    ("errcode", "code", "retry", "closed"),
    [
        (-1, "busy", True, False),
        (45009, "busy", True, False),
        (40013, "credentials", False, False),
        (60020, "address", False, False),
        (95000, "account", False, False),
        (40096, "gone", False, False),
        (95001, "used_up", False, True),
        (95002, "window", False, True),
        (48002, "forbidden", False, False),
        (95011, "forbidden", False, False),
        (95013, "ended", False, False),
        (45002, "content", False, False),
        (99999, "refused", False, False),
    ],
)
async def test_each_errcode_has_its_meaning(
    errcode: int, code: str, retry: bool, closed: bool
) -> None:
    async with wechat_server() as server:
        server.faults = [errcode]
        failed = await failure(server, outbound())
        assert (failed.code, failed.retry, failed.closed, failed.ambiguous) == (
            code, retry, closed, False,
        )  # fmt: skip
        assert (server.tried, server.said) == (1, [])


@pytest.mark.parametrize(("state", "code"), [(2, "pool"), (3, "human"), (4, "ended")])
async def test_a_chat_in_other_hands_is_left_there(state: int, code: str) -> None:
    async with wechat_server() as server:
        server.states[USER] = state
        failed = await failure(server, outbound())
        assert (failed.code, failed.retry) == (code, False)
        assert (server.states[USER], server.said) == (state, [])


async def test_a_chat_that_is_nobodys_is_taken_and_tried_once_more() -> None:
    async with wechat_server() as server:
        server.faults = [95018]
        await sent(server, outbound())
        assert (server.states[USER], server.tried, len(server.said)) == (1, 2, 1)
        server.faults = [95018, 95018]
        assert (await failure(server, outbound())).code == "ended"


@pytest.mark.parametrize("fault", ["http 500", "garbage", "cut"])
async def test_what_may_have_arrived_is_ambiguous(fault: str) -> None:
    async with wechat_server() as server:
        server.faults = [fault]
        failed = await failure(server, outbound())
        assert (failed.retry, failed.ambiguous, server.tried) == (False, True, 1)
