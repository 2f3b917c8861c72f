"""What each push of 公众号 and 小程序 becomes, and what is refused; what settings must be."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from channels.base import BadPayload, Call, Forged, Grant, Inbound
from channels.wechat import Wechat, WechatConfig
from tests.channels import wechat_server as far
from tests.channels.wechat_server import AES, APP, SECRET, TOKEN

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
ASKED = Grant("message", 5, 48 * 3600)


def config(url: str = "http://127.0.0.1:1", **more: Any) -> WechatConfig:
    return WechatConfig(
        app_id=APP, app_secret=SECRET, token=TOKEN, encoding_aes_key=AES, api_base=url, **more
    )


CONFIG = config()


def call(text: str, *, body: bytes | None = None, **bent: str) -> Call:
    query, cipher = far.sealed(text, at=NOW.timestamp())
    return Call({}, far.enveloped(cipher) if body is None else body, {**query, **bent})


def heard(text: str) -> Inbound:
    found = Wechat.receive(CONFIG, call(text), NOW)
    assert (found.answer, len(found.inbound), found.first_wins) == ("success", 1, True)
    assert found.once
    one = found.inbound[0]
    assert (one.person, one.raw) == ("oUser", text)
    return one


@pytest.mark.parametrize(
    ("given", "kind", "text", "data"),
    [
        ({"Content": "在吗 "}, "text", "在吗 ", None),
        ({"Content": "a]]]]><![CDATA[>b"}, "text", "a]]>b", None),
        ({"Content": "<b>&amp;"}, "text", "<b>&amp;", None),
        ({"Content": " "}, "text", "[空白消息]", None),
        ({"Content": "长" * 9000}, "text", "长" * 7980 + "…（后文过长，未显示）", None),
        ({"MsgType": "image", "PicUrl": "http://p/1", "MediaId": "m1"}, "image", "",
         {"media": {"id": "m1", "type": "image", "url": "http://p/1"}}),
        ({"MsgType": "voice", "MediaId": "m1", "Format": "amr"}, "file", "",
         {"media": {"id": "m1", "type": "voice", "format": "amr"}}),
        ({"MsgType": "voice", "MediaId": "m1", "Format": "amr", "Recognition": "发货了吗"},
         "file", "发货了吗", {"media": {"id": "m1", "type": "voice", "format": "amr"}}),
        ({"MsgType": "video", "MediaId": "m1", "ThumbMediaId": "t"}, "file", "",
         {"media": {"id": "m1", "type": "video", "thumb": "t"}}),
        ({"MsgType": "shortvideo", "MediaId": "m1", "ThumbMediaId": "t"}, "file", "",
         {"media": {"id": "m1", "type": "shortvideo", "thumb": "t"}}),
        ({"MsgType": "location", "Location_X": "23.1", "Location_Y": "113.3", "Scale": 20,
          "Label": "广州"}, "text", "[位置] 广州",
         {"place": {"lat": "23.1", "lng": "113.3", "label": "广州"}}),
        ({"MsgType": "link", "Title": "青瓷", "Description": "壶", "Url": "http://s/1"}, "text",
         "[链接] 青瓷\nhttp://s/1",
         {"link": {"title": "青瓷", "description": "壶", "url": "http://s/1"}}),
        ({"MsgType": "miniprogrampage", "Title": "青瓷壶", "AppId": "wx1", "PagePath": "p/1"},
         "text", "[小程序] 青瓷壶",
         {"app": {"title": "青瓷壶", "appid": "wx1", "path": "p/1"}}),
        ({"MsgType": "hologram", "Beam": "x"}, "event", "[暂不支持的消息类型：hologram]",
         {"unsupported": "hologram"}),
    ],
)  # fmt: skip
def test_each_message_is_read(given: dict[str, Any], kind: str, text: str, data: Any) -> None:
    read = heard(far.message(**{"MsgId": 23456, **given}))
    assert (read.kind, read.text, read.data) == (kind, text, data)
    assert (read.key, read.asks, read.grant) == ("23456", True, ASKED)


def test_a_tap_on_a_menu_message_counts_as_a_menu_click() -> None:
    read = heard(far.message(Content="满意", bizmsgmenuid="101", MsgId=7))
    assert (read.text, read.data) == ("满意", {"menu": {"id": "101"}})
    assert read.grant == Grant("click", 3, 60)


@pytest.mark.parametrize(
    ("given", "text", "grant", "asks"),
    [
        ({"Event": "subscribe"}, "关注了公众号", Grant("follow", 3, 60), False),
        ({"Event": "subscribe", "EventKey": "qrscene_7", "Ticket": "t"},
         "关注了公众号（扫码，场景值 7）", Grant("follow", 3, 60), False),
        ({"Event": "unsubscribe"}, "取消关注了公众号", Grant("", 0, 0), False),
        ({"Event": "SCAN", "EventKey": "7"}, "扫了二维码（场景值 7）", Grant("scan", 3, 60), False),
        ({"Event": "CLICK", "EventKey": "KF"}, "点了菜单（KF）", Grant("click", 3, 60), True),
        ({"Event": "VIEW", "EventKey": "http://s", "MenuId": 1}, "点菜单打开了链接（http://s）",
         None, False),
        ({"Event": "LOCATION", "Latitude": "23.1", "Longitude": "113.3"},
         "上报了位置（23.1, 113.3）", None, False),
        ({"Event": "scancode_push", "EventKey": "k", "ScanCodeInfo": {"ScanResult": "SF1"}},
         "点菜单扫了码（SF1）", Grant("click", 3, 60), True),
        ({"Event": "pic_sysphoto", "EventKey": "k", "SendPicsInfo": {"Count": 2}},
         "点菜单发了 2 张图片（k）", None, True),
        ({"Event": "location_select", "SendLocationInfo": {"Label": "广州"}},
         "点菜单发了位置（广州）", None, True),
        ({"Event": "user_enter_tempsession", "SessionFrom": "sku-1"},
         "进入了客服会话（来源：sku-1）", Grant("enter", 1, 60), False),
        ({"Event": "TEMPLATESENDJOBFINISH", "MsgID": 1, "Status": "success"},
         "模板消息的发送结果：success", None, False),
        ({"Event": "kf_close_session", "KfAccount": "a@b"}, "微信侧客服关闭了会话（a@b）", None,
         False),
        ({"Event": "warp_drive"}, "[暂不支持的事件：warp_drive]", None, True),
    ],
)  # fmt: skip
def test_each_event_is_read(
    given: dict[str, Any], text: str, grant: Grant | None, asks: bool
) -> None:
    read = heard(far.message("event", **given))
    assert (read.kind, read.text, read.grant, read.asks) == ("event", text, grant, asks)
    assert read.data is not None
    assert read.data["event"]["name"] == given["Event"]


def test_events_are_known_by_when_what_happened() -> None:
    first = heard(far.message("event", Event="CLICK", EventKey="A"))
    assert heard(far.message("event", Event="CLICK", EventKey="A")).key == first.key
    others = [
        far.message("event", Event="CLICK", EventKey="B"),
        far.message("event", Event="VIEW", EventKey="A"),
        far.message("event", Event="CLICK", EventKey="A", CreateTime=1767605401),
    ]
    assert len({first.key, *(heard(one).key for one in others)}) == 4


@pytest.mark.parametrize("number", [1234567890123456, "1234567890123456"])
def test_a_mini_program_pushes_json(number: int | str) -> None:
    text = json.dumps(
        {"ToUserName": "gh_1", "FromUserName": "oUser", "CreateTime": number, "MsgType": "text",
         "Content": "在吗", "MsgId": number}
    )  # fmt: skip
    query, cipher = far.sealed(text, at=NOW.timestamp())
    envelope = json.dumps({"ToUserName": "gh_1", "Encrypt": cipher}).encode()
    read = Wechat.receive(CONFIG, Call({}, envelope, query), NOW).inbound[0]
    assert (read.person, read.key, read.text) == ("oUser", "1234567890123456", "在吗")


def test_plain_fields_beside_the_sealed_ones_are_not_looked_at() -> None:
    query, cipher = far.sealed(far.message(Content="真", MsgId=1), at=NOW.timestamp())
    body = f"<xml><Content>假</Content><Encrypt>{cipher}</Encrypt><MsgId>2</MsgId></xml>"
    read = Wechat.receive(CONFIG, Call({}, body.encode(), query), NOW).inbound[0]
    assert (read.text, read.key) == ("真", "1")


PLAIN = far.message(Content="在吗", MsgId=1)


@pytest.mark.parametrize(
    ("forged", "sentence"),
    [
        (call(PLAIN, body=PLAIN.encode(), encrypt_type="raw"), "安全模式"),
        (Call({}, PLAIN.encode(), {"signature": "x", "timestamp": "1", "nonce": "n"}), "安全模式"),
        (call(PLAIN, encrypt_type="raw"), "安全模式"),
        (call(PLAIN, body=PLAIN.encode()), "msg_signature"),
        (call(PLAIN, body=b"<xml><Encrypt/></xml>"), "msg_signature"),
        (call(PLAIN, body=b"<!DOCTYPE x><xml><Encrypt>a</Encrypt></xml>"), "DOCTYPE"),
        (call(PLAIN, body=b""), "neither"),
        (call(PLAIN, nonce="another"), "msg_signature"),
    ],
)
def test_what_is_not_sealed_is_forged(forged: Call, sentence: str) -> None:
    with pytest.raises(Forged, match=sentence):
        Wechat.receive(CONFIG, forged, NOW)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("hello", "Encrypt"),
        ("<xml><!ENTITY a 'b'></xml>", "Encrypt"),
        ("<xml/>", "FromUserName"),
        (far.message(person="x" * 129, MsgId=1), "FromUserName"),
        ("<xml><FromUserName>o</FromUserName></xml>", "MsgType"),
        ('{"FromUserName": "o", "MsgType": "text", "MsgId": ' + "9" * 60 + "}", "Encrypt"),
    ],
)
def test_what_is_sealed_and_no_message_is_named(text: str, field: str) -> None:
    with pytest.raises(BadPayload) as wrong:
        Wechat.receive(CONFIG, call(text), NOW)
    assert wrong.value.field == field


def test_a_body_that_is_too_large_is_not_read() -> None:
    with pytest.raises(BadPayload, match="64 KB"):
        Wechat.receive(CONFIG, call(PLAIN, body=b"<" * 65_537), NOW)


def test_the_address_is_tried() -> None:
    query, _ = far.sealed("", at=NOW.timestamp())
    assert Wechat.verify(CONFIG, Call({}, b"", {**query, "echostr": "613 7+/="}), NOW) == "613 7+/="
    for bent in ({"signature": "0" * 40}, {"nonce": "x"}, {"timestamp": "1"}):
        with pytest.raises(Forged):
            Wechat.verify(CONFIG, Call({}, b"", {**query, "echostr": "x", **bent}), NOW)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"encoding_aes_key": "x" * 42}, "encoding_aes_key"),
        ({"encoding_aes_key": "x" * 42 + "+"}, "encoding_aes_key"),
        ({"api_base": "ftp://x"}, "api_base"),
        ({"api_base": "http://a/b"}, "api_base"),
        ({"api_base": "http://user@a"}, "api_base"),
        ({"app_id": "a b"}, "app_id"),
        ({"account": "both"}, "account"),
        ({"quota": 0}, "quota"),
    ],
)
def test_settings_are_checked(values: dict[str, Any], named: str) -> None:
    given = {"app_id": APP, "app_secret": "s", "token": "t", "encoding_aes_key": AES, **values}
    with pytest.raises(msgspec.ValidationError, match=named):
        msgspec.convert(given, WechatConfig)
