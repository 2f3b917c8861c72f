"""What each message and event of 公众号 and 小程序客服 becomes: kind, words, data, and what it
grants.

Every type but pictures and files has readable words, so that a list or a search needs to know none
of them; a type that is not known is shown as such, and its payload is kept like everybody's.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

from channels.base import BadPayload, Grant, Inbound
from channels.wechat_body import Fields, fields_of, key_of, text_of

LONGEST_PERSON = 128
LONGEST_TEXT = 8000
LONGEST_VALUE = 1000
DAYS_2 = 48 * 3600
MINUTE = 60
NONE = Grant("", 0, 0)

Kind = Literal["text", "image", "file", "product", "order", "event"]
Read = tuple[Kind, str, Mapping[str, Any] | None]


def inbound_of(fields: Fields, raw: str, quota: int) -> Inbound:
    """The deed a callback tells of; `quota` is how many messages one of the shopper's allows.

    Raises BadPayload where nobody is named in it.
    """
    person, kind = text_of(fields, "FromUserName"), text_of(fields, "MsgType").lower()
    if not 1 <= len(person) <= LONGEST_PERSON:
        raise BadPayload("FromUserName", "`FromUserName` is missing, or too long")
    if not kind:
        raise BadPayload("MsgType", "`MsgType` is missing")
    found = _event(fields) if kind == "event" else _message(fields, kind, quota)
    return replace(found, person=person, key=_key(fields, kind), raw=raw)


def _key(fields: Fields, kind: str) -> str:
    """MsgId; events have none, and are known by when what happened."""
    message_id = text_of(fields, "MsgId")
    if message_id and kind != "event":
        return key_of(message_id)
    names = ("CreateTime", "Event", "EventKey", "MsgID", "MenuId", "Content", "MediaId")
    parts = [text_of(fields, name) for name in names]
    return key_of("\n".join([kind, *parts]))


def _message(fields: Fields, kind: str, quota: int) -> Inbound:
    read = _MESSAGES.get(kind)
    grant = Grant("message", quota, DAYS_2)
    if read is None:
        text = f"[暂不支持的消息类型：{kind[:40]}]"
        return Inbound("", "", "event", text, {"unsupported": kind[:40]}, grant=grant)
    as_kind, text, data_of = read(fields)
    if kind == "text" and data_of is not None:
        grant = Grant("click", 3, MINUTE)  # a tap on a menu message counts as a menu click
    return Inbound("", "", as_kind, text, data_of, grant=grant)


def _text(fields: Fields) -> Read:
    words = text_of(fields, "Content", whole=True)
    tapped = text_of(fields, "bizmsgmenuid")
    data = {"menu": {"id": tapped[:LONGEST_VALUE]}} if tapped else None
    return "text", shown(words), data


def shown(words: str) -> str:
    """Somebody's words at a length that every screen takes; all of them are in the payload."""
    if len(words) > LONGEST_TEXT:
        return words[: LONGEST_TEXT - 20] + "…（后文过长，未显示）"
    return words if words.strip() else "[空白消息]"


def _media(kind: Kind, name: str) -> Callable[[Fields], Read]:
    def read(fields: Fields) -> Read:
        media = {"id": short(fields, "MediaId"), "type": name}
        for key, field in (("url", "PicUrl"), ("format", "Format"), ("thumb", "ThumbMediaId")):
            if value := short(fields, field):
                media[key] = value
        heard = text_of(fields, "Recognition")[:LONGEST_TEXT]
        return kind, heard, {"media": media}

    return read


def place(lat: str, lng: str, label: str) -> Read:
    """Somewhere on a map, in words where it has a name."""
    told = {"lat": lat, "lng": lng, "label": label}
    return "text", f"[位置] {label or f'{lat}, {lng}'}", {"place": told}


def link(title: str, description: str, url: str) -> Read:
    told = {"title": title, "description": description, "url": url}
    return "text", f"[链接] {title}\n{url}".strip(), {"link": told}


def page(title: str, appid: str, path: str) -> Read:
    """The card of a mini program."""
    told = {"title": title, "appid": appid, "path": path}
    return "text", f"[小程序] {title or path}", {"app": told}


def read_by(made: Callable[..., Read], *names: str) -> Callable[[Fields], Read]:
    """Made of the fields of these names, in their order."""
    return lambda fields: made(*(short(fields, name) for name in names))


_MESSAGES: dict[str, Callable[[Fields], Read]] = {
    "text": _text,
    "image": _media("image", "image"),
    "voice": _media("file", "voice"),
    "video": _media("file", "video"),
    "shortvideo": _media("file", "shortvideo"),
    "location": read_by(place, "Location_X", "Location_Y", "Label"),
    "link": read_by(link, "Title", "Description", "Url"),
    "miniprogrampage": read_by(page, "Title", "AppId", "PagePath"),
}


def _event(fields: Fields) -> Inbound:
    name, key = text_of(fields, "Event").lower(), short(fields, "EventKey")
    told = {"name": short(fields, "Event"), **({"key": key} if key else {})}
    say, grant, asks = _EVENTS.get(name, (_unknown, None, True))
    return Inbound("", "", "event", say(fields, key), {"event": told}, asks=asks, grant=grant)


def _unknown(fields: Fields, key: str) -> str:
    return f"[暂不支持的事件：{short(fields, 'Event')[:40]}]"


def _subscribe(fields: Fields, key: str) -> str:
    scene = key.removeprefix("qrscene_")
    return f"关注了公众号（扫码，场景值 {scene}）" if scene else "关注了公众号"


def _pictures(fields: Fields, key: str) -> str:
    count = text_of(fields_of(fields, "SendPicsInfo"), "Count")
    return f"点菜单发了 {count or '若干'} 张图片（{key}）"


def _place(fields: Fields, key: str) -> str:
    info = fields_of(fields, "SendLocationInfo")
    label = short(info, "Label") or short(info, "Poiname")
    return f"点菜单发了位置（{label or key}）"


def _scanned(fields: Fields, key: str) -> str:
    result = short(fields_of(fields, "ScanCodeInfo"), "ScanResult")
    return f"点菜单扫了码（{result or key}）"


def _words(template: str) -> Callable[[Fields, str], str]:
    """Words with the event's key in them, or another field of it."""

    def say(fields: Fields, key: str) -> str:
        return template.format_map(_Blanks(fields, key))

    return say


class _Blanks(dict[str, str]):
    def __init__(self, fields: Fields, key: str) -> None:
        super().__init__(key=key)
        self._fields = fields

    def __missing__(self, name: str) -> str:
        return short(self._fields, name)


# What is said, what it grants, and whether somebody waits for an answer: opening a link or sending
# one's position every five seconds asks nothing.
_EVENTS: dict[str, tuple[Callable[[Fields, str], str], Grant | None, bool]] = {
    "subscribe": (_subscribe, Grant("follow", 3, MINUTE), False),
    "unsubscribe": (_words("取消关注了公众号"), NONE, False),
    "scan": (_words("扫了二维码（场景值 {key}）"), Grant("scan", 3, MINUTE), False),
    "click": (_words("点了菜单（{key}）"), Grant("click", 3, MINUTE), True),
    "view": (_words("点菜单打开了链接（{key}）"), None, False),
    "view_miniprogram": (_words("点菜单打开了小程序（{key}）"), None, False),
    "location": (_words("上报了位置（{Latitude}, {Longitude}）"), None, False),
    "scancode_push": (_scanned, Grant("click", 3, MINUTE), True),
    "scancode_waitmsg": (_scanned, Grant("click", 3, MINUTE), True),
    "pic_sysphoto": (_pictures, None, True),
    "pic_photo_or_album": (_pictures, None, True),
    "pic_weixin": (_pictures, None, True),
    "location_select": (_place, None, True),
    "user_enter_tempsession": (
        _words("进入了客服会话（来源：{SessionFrom}）"),
        Grant("enter", 1, MINUTE),
        False,
    ),
    "kf_create_session": (_words("微信侧客服接入了会话（{KfAccount}）"), None, False),
    "kf_close_session": (_words("微信侧客服关闭了会话（{KfAccount}）"), None, False),
    "kf_switch_session": (_words("微信侧客服转接了会话（{ToKfAccount}）"), None, False),
    "templatesendjobfinish": (_words("模板消息的发送结果：{Status}"), None, False),
    "subscribe_msg_popup_event": (_words("操作了订阅消息弹窗"), None, False),
    "subscribe_msg_change_event": (_words("改动了订阅消息的授权"), None, False),
    "subscribe_msg_sent_event": (_words("订阅消息的发送结果已送达"), None, False),
}


def short(fields: Fields, name: str) -> str:
    """A field at a length that every table takes."""
    return text_of(fields, name)[:LONGEST_VALUE]
