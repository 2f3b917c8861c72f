"""custom/send and kf/send_msg: every documented type, and the code of every mistake."""

from typing import Any

import pytest

from sandbox import Kind
from sandbox.said import DOT
from tests.sandbox.conftest import Far

JPG = b"\xff\xd8\xff" + bytes(16)
MP4 = b"\x00\x00\x00\x18ftypmp42"
AMR = b"#!AMR\n" + bytes(32)
FILES = {"image": DOT, "voice": AMR, "video": MP4, "thumb": JPG, "file": b"%PDF-"}
CARD = {"title": "T", "appid": "wx1", "pagepath": "pages/x", "thumb_media_id": "THUMB"}
OFFICIAL: dict[str, Any] = {
    "text": {"content": 'Hello <a href="https://x.example">x</a>'},
    "image": {"media_id": "IMAGE"},
    "voice": {"media_id": "VOICE"},
    "video": {"media_id": "VIDEO", "thumb_media_id": "THUMB", "title": "T", "description": "D"},
    "music": {
        "title": "T", "description": "D", "musicurl": "https://x.example/a",
        "hqmusicurl": "https://x.example/b", "thumb_media_id": "THUMB",
    },
    "news": {
        "articles": [
            {"title": "T", "description": "D", "url": "https://x.example", "picurl": "P"}
        ]
    },
    "mpnewsarticle": {"article_id": "ARTICLE"},
    "msgmenu": {
        "head_content": "满意吗？",
        "list": [{"id": "101", "content": "满意"}, {"id": "102", "content": "不满意"}],
        "tail_content": "欢迎再次光临",
    },
    "miniprogrampage": CARD,
}  # fmt: skip
MINI: dict[str, Any] = {
    "text": {"content": "在"},
    "image": {"media_id": "IMAGE"},
    "link": {"title": "T", "description": "D", "url": "https://x.example", "thumb_url": "P"},
    "miniprogrampage": {"title": "T", "pagepath": "pages/x", "thumb_media_id": "IMAGE"},
}
KF: dict[str, Any] = {
    "text": {"content": "在"},
    "image": {"media_id": "IMAGE"},
    "voice": {"media_id": "VOICE"},
    "video": {"media_id": "VIDEO"},
    "file": {"media_id": "FILE"},
    "link": {"title": "T", "desc": "D", "url": "https://x.example", "thumb_media_id": "IMAGE"},
    "miniprogram": {**CARD, "pagepath": "pages/x.html", "thumb_media_id": "IMAGE"},
    "msgmenu": {
        "head_content": "满意吗？",
        "list": [
            {"type": "click", "click": {"id": "101", "content": "满意"}},
            {"type": "view", "view": {"url": "https://x.example", "content": "看看"}},
            {"type": "miniprogram", "miniprogram": {"appid": "A", "pagepath": "p", "content": "c"}},
            {"type": "text", "text": {"content": "以上"}},
        ],
    },
    "location": {"name": "N", "address": "A", "latitude": 30.2, "longitude": 120},
}
PER_KIND = {Kind.OFFICIAL: OFFICIAL, Kind.MINI: MINI, Kind.KF: KF}
EVERY = [(kind, type_) for kind, types in PER_KIND.items() for type_ in types]


def filled(far: Far, value: Any) -> Any:
    """With real media ids where the table has a word for one."""
    if isinstance(value, dict):
        return {name: filled(far, one) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(far, one) for one in value]
    if isinstance(value, str) and value.lower() in FILES and value.isupper():
        return far.world.media.of_shopper(value.lower(), "x", FILES[value.lower()]).id
    return value


async def send(far: Far, body: Any, kind: Kind = Kind.OFFICIAL, **more: Any) -> Any:
    whole = {"touser": far.user(kind), **filled(far, body), **more}
    if kind is Kind.KF:
        whole = {"open_kfid": far.account(kind).address, **whole}
        return await far.post("kf/send_msg", whole, kind)
    return await far.post("message/custom/send", whole, kind)


@pytest.mark.parametrize(("kind", "type_"), EVERY)
async def test_every_documented_type_is_taken_and_shown(far: Far, kind: Kind, type_: str) -> None:
    await far.act("text", kind, text="在吗")
    answer = await send(far, {"msgtype": type_, type_: PER_KIND[kind][type_]}, kind)
    assert answer["errcode"] == 0, answer
    line = far.chat(kind).lines[-1]
    assert line.type == ("miniprogrampage" if type_ == "miniprogram" else type_)
    assert line.data


TEXT = {"msgtype": "text", "text": {"content": "在"}}
WRONG: list[tuple[dict[str, Any], int]] = [
    ({**TEXT, "touser": "o-nobody"}, 40003),
    ({**TEXT, "touser": 5}, 40003),
    ({"msgtype": "carrier-pigeon"}, 40008),
    ({"msgtype": "link", "link": MINI["link"]}, 40008),
    ({"msgtype": "text"}, 47001),
    ({"msgtype": "text", "text": {"content": ""}}, 44004),
    ({"msgtype": "text", "text": {"content": 5}}, 47001),
    ({"msgtype": "text", "text": {"content": "x", "extra": "y"}}, 47001),
    ({**TEXT, "msgid": "x"}, 47001),
    ({"msgtype": "text", "text": {"content": "青" * 683}}, 45002),
    ({"msgtype": "image", "image": {"media_id": "made-up"}}, 40007),
    ({"msgtype": "image", "image": {"media_id": "VOICE"}}, 40007),
    ({"msgtype": "image", "image": {}}, 47001),
    ({"msgtype": "news", "news": {"articles": []}}, 45008),
    ({"msgtype": "news", "news": {"articles": OFFICIAL["news"]["articles"] * 2}}, 45008),
    ({"msgtype": "msgmenu", "msgmenu": {"list": []}}, 47001),
    ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1", "content": 1}]}}, 47001),
    ({"msgtype": "miniprogrampage", "miniprogrampage": {**CARD, "title": "青" * 22}}, 45003),
    ({**TEXT, "customservice": {"kf_account": "nobody"}}, 61452),
    ({**TEXT, "customservice": {"name": "a@b"}}, 47001),
]


@pytest.mark.parametrize(("body", "code"), WRONG)
async def test_every_mistake_has_its_code(far: Far, body: dict[str, Any], code: int) -> None:
    await far.act("text", text="在吗")
    own = {"touser": body["touser"]} if "touser" in body else {}
    assert (await send(far, body, **own))["errcode"] == code
    assert (await far.say("窗口没有少"))["errcode"] == 0
    window = far.chat().window.shown(far.world.clock.now())
    assert window is not None
    assert window["remaining"] == 4


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", 44002),
        (b"{", 47001),
        (b"[]", 47001),
        (b"\xff\xfe", 47001),
        (b'{"touser":"USER","msgtype":"text","text":{"content":"\\u5728"}}', 40033),
        (b'{"touser":"USER","msgtype":"text","text":{"content":"\\\\u5728"}}', 0),
        ('{"touser":"USER","msgtype":"text","text":{"content":"在\\n"}}'.encode(), 0),
    ],
)
async def test_how_a_body_is_written(far: Far, raw: bytes, code: int) -> None:
    await far.act("text", text="在吗")
    body = raw.replace(b"USER", far.user().encode())
    assert (await far.post("message/custom/send", body))["errcode"] == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({**TEXT, "touser": "wm-nobody"}, 40096),
        ({**TEXT, "open_kfid": "wk-other"}, 95000),
        ({**TEXT, "msgid": "有"}, 40058),
        ({**TEXT, "msgid": "x" * 33}, 40058),
        ({**TEXT, "customservice": {}}, 40058),
        ({"msgtype": "news", "news": OFFICIAL["news"]}, 40008),
        ({"msgtype": "text", "text": {"content": "青" * 683}}, 45002),
        ({"msgtype": "miniprogram", "miniprogram": {**CARD, "thumb_media_id": "IMAGE"}}, 40058),
        ({"msgtype": "link", "link": {**KF["link"], "desc": "青" * 171}}, 45004),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"type": "click"}]}}, 40058),
    ],
)
async def test_the_codes_of_customer_service(far: Far, body: dict[str, Any], code: int) -> None:
    await far.act("text", Kind.KF, text="在吗")
    own = {name: body[name] for name in ("touser", "open_kfid") if name in body}
    rest = {name: value for name, value in body.items() if name not in own}
    whole = {"touser": far.user(Kind.KF), "open_kfid": far.account(Kind.KF).address, **own}
    answer = await far.post("kf/send_msg", {**whole, **filled(far, rest)}, Kind.KF)
    assert answer["errcode"] == code
    assert ", hint: [" in answer["errmsg"]


async def test_a_named_agent_and_a_door_for_businesses(far: Far) -> None:
    await far.act("text", text="在吗")
    assert (await far.say("在", customservice={"kf_account": "test1@kftest"}))["errcode"] == 0
    answer = await far.post("message/custom/business/send", TEXT, Kind.MINI)
    assert answer["errcode"] == 40101


async def test_who_somebody_is(far: Far) -> None:
    token = await far.token()
    info = await far.get("user/info", access_token=token, openid=far.user())
    assert (info["subscribe"], info["nickname"]) == (1, "林小满")
    await far.play("faults", names_withheld=True)
    info = await far.get("user/info", access_token=token, openid=far.user())
    assert info["nickname"] == ""
    assert (await far.get("user/info", access_token=token, openid="x"))["errcode"] == 40003
    people = await far.post(
        "kf/customer/batchget", {"external_userid_list": [far.user(Kind.KF), "wm-x"]}, Kind.KF
    )
    assert people["customer_list"][0]["nickname"] == "林小满"
    assert people["customer_list"][0]["unionid"] == info["unionid"]
    assert people["invalid_external_userid"] == ["wm-x"]
