"""What 微信客服 rings, the pages it gives, and what each item of a page becomes."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from channels.base import (
    BadPayload,
    Bounced,
    Call,
    Forged,
    Grant,
    Inbound,
    Page,
    Portrait,
    Ring,
    SendFailed,
    TakenBack,
)
from channels.wecom import Wecom, WecomConfig
from tests.channels import wechat_server as far
from tests.channels.wechat_server import AES, CORP, KF, SECRET, TOKEN, WechatServer, wechat_server
from tests.channels.wechat_vectors import V3, V6, Vector
from tests.channels.wires import wire

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
ASKED = Grant("message", 5, 48 * 3600)
USER = "wmUser"


def config(url: str = "http://127.0.0.1:1", **more: Any) -> WecomConfig:
    return WecomConfig(
        corp_id=CORP, secret=SECRET, token=TOKEN, encoding_aes_key=AES, open_kfid=KF,
        api_base=url, **more,
    )  # fmt: skip


def of(vector: Vector) -> WecomConfig:
    return msgspec.structs.replace(
        config(), corp_id=vector.id, token=vector.token, encoding_aes_key=vector.key
    )


def at(vector: Vector) -> datetime:
    return datetime.fromtimestamp(int(vector.timestamp), UTC)


@pytest.mark.parametrize("bent", [V3.encrypt, V3.encrypt.replace("+", " ")])
def test_the_address_is_tried_with_a_sealed_word(bent: str) -> None:
    call = Call({}, b"", {**V3.query, "echostr": bent})
    assert Wecom.verify(of(V3), call, at(V3)) == "1616140317555161061"
    for other in (of(V6), config()):
        with pytest.raises(Forged):
            Wecom.verify(other, call, at(V3))


def test_it_rings() -> None:
    body = f"<xml><ToUserName>{V6.id}</ToUserName><Encrypt>{V6.encrypt}</Encrypt></xml>"
    heard = Wecom.receive(of(V6), Call({}, body.encode(), V6.query), at(V6))
    assert (heard.inbound, heard.answer) == ((), "")
    word = "ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR"
    assert heard.ring == Ring("wkxxxxxxx", word)
    assert heard.once == V6.msg_signature


def test_what_is_no_ring_is_heard_and_forgotten() -> None:
    text = "<xml><Event>kf_account_auth_change</Event><AuthAddOpenKfId>wk</AuthAddOpenKfId></xml>"
    query, cipher = far.sealed(text, receiver=CORP, at=NOW.timestamp())
    heard = Wecom.receive(config(), Call({}, far.enveloped(cipher), query), NOW)
    assert (heard.ring, heard.inbound) == (None, ())


def test_what_is_not_sealed_for_us_is_forged() -> None:
    query, cipher = far.sealed("<xml/>", receiver="wwOther", at=NOW.timestamp())
    for body in (far.enveloped(cipher), b"<xml/>", b"", b"<!DOCTYPE x><xml/>"):
        with pytest.raises(Forged):
            Wecom.receive(config(), Call({}, body, query), NOW)
    with pytest.raises(BadPayload):
        Wecom.receive(config(), Call({}, b"x" * 70_000, query), NOW)
    query, cipher = far.sealed("no xml", receiver=CORP, at=NOW.timestamp())
    with pytest.raises(BadPayload):
        Wecom.receive(config(), Call({}, far.enveloped(cipher), query), NOW)


def item(kind: str, body: Any, *, late_s: int = 0, **more: Any) -> dict[str, Any]:
    at_s = int(NOW.timestamp()) - late_s
    given = {"msgid": "m1", "open_kfid": KF, "external_userid": USER, "send_time": at_s}
    return {**given, "origin": 3, "msgtype": kind, kind: body, **more}


def event(name: str, *, late_s: int = 0, **more: Any) -> dict[str, Any]:
    told = {"event_type": name, "open_kfid": KF, "external_userid": USER, **more}
    at_s = int(NOW.timestamp()) - late_s
    return {"msgid": "e1", "send_time": at_s, "origin": 4, "msgtype": "event", "event": told}


async def pulled(server: WechatServer, cursor: str = "c0", ring: str = "", **settings: Any) -> Page:
    async with wire() as line:
        page = await Wecom.pull(config(server.url, **settings), cursor, ring, line, NOW)
        for deed in page.then:
            await deed()
        return page


async def one(given: Any) -> Any:
    async with wechat_server() as server:
        server.pages = [[given]]
        found = (await pulled(server)).happened
        return found[0] if found else None


@pytest.mark.parametrize(
    ("given", "kind", "text", "data"),
    [
        (item("text", {"content": "在吗"}), "text", "在吗", None),
        (item("text", {"content": "满意", "menu_id": "101"}), "text", "满意",
         {"menu": {"id": "101"}}),
        (item("image", {"media_id": "m"}), "image", "",
         {"media": {"id": "m", "type": "image"}}),
        (item("voice", {"media_id": "m"}), "file", "",
         {"media": {"id": "m", "type": "voice"}}),
        (item("video", {"media_id": "m"}), "file", "",
         {"media": {"id": "m", "type": "video"}}),
        (item("file", {"media_id": "m"}), "file", "", {"media": {"id": "m", "type": "file"}}),
        (item("location", {"latitude": 23.1, "longitude": 113.3, "name": "广州", "address": "路"}),
         "text", "[位置] 广州", {"place": {"lat": "23.1", "lng": "113.3", "label": "广州"}}),
        (item("link", {"title": "青瓷", "desc": "壶", "url": "http://s/1", "pic_url": "p"}), "text",
         "[链接] 青瓷\nhttp://s/1",
         {"link": {"title": "青瓷", "description": "壶", "url": "http://s/1"}}),
        (item("business_card", {"userid": "lisi"}), "text", "[名片] lisi", None),
        (item("miniprogram", {"title": "壶", "appid": "wx1", "pagepath": "p.html"}), "text",
         "[小程序] 壶", {"app": {"title": "壶", "appid": "wx1", "path": "p.html"}}),
        (item("msgmenu", {"head_content": "请选"}), "text", "[菜单] 请选", None),
        (item("channels_shop_product", {"product_id": "7", "title": "壶", "sales_price": "19900"}),
         "product", "[商品] 壶", {"title": "壶", "id": "7", "price": "¥199.00"}),
        (item("channels_shop_order", {"order_id": "8", "product_titles": "壶", "state": "已付款",
                                      "price_wording": "￥199"}), "order", "[订单] 8",
         {"uid": "8", "statusText": "已付款", "goods": [{"title": "壶"}], "totalAmount": "￥199"}),
        (item("hologram", {"x": 1}), "event", "[暂不支持的消息类型：hologram]",
         {"unsupported": "hologram"}),
    ],
)  # fmt: skip
async def test_each_message_is_read(given: Any, kind: str, text: str, data: Any) -> None:
    read = await one(given)
    assert isinstance(read, Inbound)
    assert (read.person, read.key, read.kind, read.text, read.data) == (
        USER, "m1", kind, text, data,
    )  # fmt: skip
    assert (read.asks, read.grant, read.at) == (True, ASKED, NOW)
    assert read.raw is not None
    assert json.loads(read.raw) == given


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (event("msg_send_fail", fail_msgid="abc-0", fail_type=4), Bounced("abc", "fail_4", "4")),
        (event("msg_send_fail", fail_msgid="abc-12", fail_type=99), Bounced("abc", "fail_0", "99")),
        (event("user_recall_msg", recall_msgid="m7"), TakenBack(USER, "m7")),
        (event("servicer_status_change", external_userid="", status=1), None),
        ({"msgid": "x"}, None),
        (item("text", {"content": "x"}, external_userid=""), None),
        (item("text", {"content": "x"}, external_userid="x" * 200), None),
        (item("text", {"content": "x"}, msgid=""), None),
        (item("text", {"content": "x"}, msgid=1 << 80), None),
        ("no item", None),
    ],
)
async def test_what_is_no_message_of_a_shopper(given: Any, read: Any) -> None:
    assert await one(given) == read
    if isinstance(read, Bounced):
        assert read.code in Wecom.reasons


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (event("enter_session", scene="123", scene_param="a"), "进入了会话（场景 123，a）"),
        (event("enter_session"), "进入了会话（场景 未知）"),
        (event("session_status_change", change_type=3), "企业微信里的会话结束了"),
        (event("warp_drive"), "[暂不支持的事件：warp_drive]"),
        (item("text", {"content": "您好"}, origin=5, servicer_userid="lisi"),
         "（企业微信里的 lisi 回复）您好"),
    ],
)  # fmt: skip
async def test_signs_queue_nobody(given: Any, text: str) -> None:
    read = await one(given)
    assert (read.kind, read.text, read.asks, read.grant) == ("event", text, False, None)


async def test_pages_follow_one_another_and_an_empty_one_is_no_end() -> None:
    async with wechat_server() as server:
        server.pages = [[item("text", {"content": "一"})], [], [item("text", {"content": "二"})]]
        pages, cursor, more = [], "", True
        while more:
            pages.append(await pulled(server, cursor, server.bell))
            cursor, more = pages[-1].cursor, pages[-1].more
        assert [len(page.happened) for page in pages] == [1, 0, 1]
        assert [(page.cursor, page.more) for page in pages] == [
            ("c1", True), ("c2", True), ("c3", False),
        ]  # fmt: skip
        assert [one["token"] for one in server.synced] == ["bell-1"] * 3
        assert {one["open_kfid"] for one in server.synced} == {KF}


async def test_a_page_that_leads_nowhere_is_the_last() -> None:
    async with wechat_server() as server:
        server.stuck = True
        server.pages = [[item("text", {"content": "一"})]]
        page = await pulled(server, "c0")
        assert (page.cursor, page.more, len(page.happened)) == ("c0", False, 1)


async def test_a_ring_that_is_over_is_left_out() -> None:
    async with wechat_server() as server:
        server.pages = [[item("text", {"content": "一"})]]
        assert len((await pulled(server, ring="old")).happened) == 1
        assert "token" not in server.synced[0]


async def test_what_was_said_before_we_were_there_asks_nobody() -> None:
    old, new = 48 * 3600 + 1, 3600
    async with wechat_server() as server:
        server.pages = [[item("text", {"content": "x"}, late_s=one) for one in (old, new)]]
        for cursor, asks in (("", [False, True]), ("c0", [True, True])):
            found = (await pulled(server, cursor)).happened
            assert [one.asks for one in found if isinstance(one, Inbound)] == asks


async def test_names_and_pictures_come_with_a_page_or_not_at_all() -> None:
    async with wechat_server() as server:
        server.names[USER] = {"nickname": "小明", "avatar": "http://a/1", "unionid": "u1"}
        server.pages = [[item("text", {"content": "一"}), item("image", {"media_id": "m"})]]
        for read in (await pulled(server)).happened:
            assert isinstance(read, Inbound)
            assert (read.name, read.portrait) == ("小明", Portrait("http://a/1", "u1"))
        server.names[USER] = {"nickname": 7, "avatar": None}
        (first, _) = (await pulled(server)).happened
        assert isinstance(first, Inbound)
        assert first.name == "7"


async def test_who_comes_is_greeted_once_and_in_time() -> None:
    async with wechat_server() as server:
        server.pages = [
            [event("enter_session", welcome_code="now"),
             event("enter_session", welcome_code="late", late_s=21), event("enter_session")],
        ]  # fmt: skip
        await pulled(server, welcome="欢迎")
        assert [(one["code"], one["text"]["content"]) for one in server.welcomed] == [
            ("now", "欢迎")
        ]
        await pulled(server)
        assert len(server.welcomed) == 1


async def test_chats_are_held_for_the_interface_and_never_given_away() -> None:
    async with wechat_server() as server:
        for state, after in ((0, 1), (1, 1), (2, 2), (3, 3), (4, 4)):
            server.states[USER] = state
            server.pages = [[item("text", {"content": "x"})]]
            await pulled(server)
            assert server.states[USER] == after
        assert server.refused == []


async def test_no_pass_is_a_failure_of_the_page() -> None:
    async with wechat_server() as server:
        server.blocked = 60020
        with pytest.raises(SendFailed) as failed:
            await pulled(server)
        assert (failed.value.code, failed.value.detail) == ("address", "60020: 203.0.113.9")


async def test_a_wild_page_breaks_nothing() -> None:
    wild: list[Any] = [
        None, 7, "x", [], {}, {"msgtype": "event", "event": []}, {"msgtype": []},
        item("text", None), item("text", {"content": []}), item("location", {"latitude": {}}),
        item("text", {"content": "好"}, send_time="soon"),
        item("text", {"content": "a\0b"}, send_time=10**15),
    ]  # fmt: skip
    async with wechat_server() as server:
        server.pages = [wild]
        found = (await pulled(server)).happened
        texts = [one.text for one in found if isinstance(one, Inbound)]
        assert texts[-2:] == ["好", "ab"]
        assert all(one.at == NOW for one in found if isinstance(one, Inbound))


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"open_kfid": ""}, "open_kfid"),
        ({"corp_id": "a b"}, "corp_id"),
        ({"encoding_aes_key": "short"}, "encoding_aes_key"),
        ({"api_base": "ftp://x"}, "api_base"),
        ({"welcome": "x" * 601}, "welcome"),
    ],
)
def test_settings_are_checked(values: dict[str, Any], named: str) -> None:
    given = msgspec.to_builtins(config()) | values
    with pytest.raises(msgspec.ValidationError, match=named):
        msgspec.convert(given, WecomConfig)
