"""What each item of a page of 微信客服 becomes. Items that are about nobody become nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from channels.base import Bounced, Grant, Inbound, Portrait, TakenBack
from channels.wechat_body import BadBody, Fields, fields_of, key_of, text_of
from channels.wechat_inbound import (
    DAYS_2,
    LONGEST_PERSON,
    LONGEST_VALUE,
    Read,
    link,
    page,
    place,
    read_by,
    short,
    shown,
)

CUSTOMER = "3"
SERVICER = "5"

Deed = Inbound | Bounced | TakenBack

FILES = {"image": "[图片]", "voice": "[语音]", "video": "[视频]", "file": "[文件]"}

_CHANGES = {
    "1": "企业微信里的客服接入了会话",
    "2": "企业微信里的会话转接了",
    "3": "企业微信里的会话结束了",
    "4": "企业微信里的客服重新接入了会话",
}


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    portrait: Portrait


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody opened the chat; `code` lets us greet them once, within seconds of `at`."""

    code: str
    at: datetime


def person_of(item: Fields) -> str:
    """Who an item is about; empty where it is about nobody."""
    person = text_of(item, "external_userid") or text_of(
        fields_of(item, "event"), "external_userid"
    )
    return person if len(person) <= LONGEST_PERSON else ""


def at_of(item: Fields, now: datetime) -> datetime:
    """When it was done; now where that is not said, or cannot be."""
    said = text_of(item, "send_time")
    if not (said.isascii() and said.isdigit() and len(said) <= 11):
        return now
    return min(now, datetime.fromtimestamp(int(said), UTC))


def entered(item: Fields, now: datetime) -> Entered | None:
    """Whether somebody opened the chat who may be greeted."""
    event = fields_of(item, "event")
    code = text_of(event, "welcome_code")
    if text_of(event, "event_type") != "enter_session" or not code:
        return None
    return Entered(code, at_of(item, now))


def deeds(
    items: Iterable[Any],
    now: datetime,
    *,
    quota: int,
    profiles: Mapping[str, Profile],
    first: bool,
) -> tuple[Deed, ...]:
    """What the items of a page tell of, in order. Of the very `first` page, which holds what was
    said before we were there, nobody is asked what is older than the time to answer it."""
    found: list[Deed] = []
    for item in items:
        deed = _deed(item, now, quota) if isinstance(item, dict) else None
        if isinstance(deed, Inbound):
            profile = profiles.get(deed.person)
            if profile is not None:
                deed = replace(deed, name=profile.name, portrait=profile.portrait)
            at = deed.at or now
            if first and (now - at).total_seconds() > DAYS_2:
                deed = replace(deed, asks=False)
        if deed is not None:
            found.append(deed)
    return tuple(found)


def _deed(item: Fields, now: datetime, quota: int) -> Deed | None:
    try:
        kind = text_of(item, "msgtype")
        if kind == "event":
            return _event(item, now)
        return _message(item, kind, now, quota)
    except BadBody:
        return None  # a number that no number is: an item of nobody we know


def _message(item: Fields, kind: str, now: datetime, quota: int) -> Inbound | None:
    person, message_id = person_of(item), text_of(item, "msgid")
    if not person or not message_id:
        return None
    read = _MESSAGES.get(kind)
    fields = fields_of(item, kind)
    unknown: Read = ("event", f"[暂不支持的消息类型：{kind[:40]}]", {"unsupported": kind[:40]})
    as_kind, text, data = unknown if read is None else read(fields)
    inbound = Inbound(
        person, key_of(message_id), as_kind, text, data, raw=_raw(item), at=at_of(item, now)
    )
    if text_of(item, "origin") == SERVICER:
        # somebody answered inside WeCom: agents here see it, and nobody waits for anything
        words = text or FILES.get(kind, "")
        said = f"（企业微信里的 {short(item, 'servicer_userid')} 回复）{words}"
        return replace(inbound, kind="event", text=said, data=None, asks=False)
    return replace(inbound, grant=Grant("message", quota, DAYS_2))


def _event(item: Fields, now: datetime) -> Deed | None:
    event, person = fields_of(item, "event"), person_of(item)
    name = text_of(event, "event_type")
    if name == "msg_send_fail":
        failed = text_of(event, "fail_msgid")
        kind = text_of(event, "fail_type")
        code = f"fail_{kind}" if f"fail_{kind}" in FAILS else "fail_0"
        return Bounced(failed.rpartition("-")[0] or failed, code, kind[:20])
    if name == "user_recall_msg":
        return TakenBack(person, key_of(text_of(event, "recall_msgid"))) if person else None
    if not person or not text_of(item, "msgid"):
        return None
    scene = short(event, "scene")
    told = {"name": name[:LONGEST_VALUE], **({"scene": scene} if scene else {})}
    return Inbound(
        person, key_of(text_of(item, "msgid")), "event", _said(name, event), {"event": told},
        asks=False, raw=_raw(item), at=at_of(item, now),
    )  # fmt: skip


def _said(name: str, event: Fields) -> str:
    match name:
        case "enter_session":
            scene, more = short(event, "scene"), short(event, "scene_param")
            return f"进入了会话（场景 {scene or '未知'}{f'，{more}' if more else ''}）"
        case "session_status_change":
            return _CHANGES.get(text_of(event, "change_type"), "企业微信里的会话状态变了")
        case "servicer_recall_msg":
            return "企业微信里的客服撤回了一条消息"
        case "reject_customer_msg_switch_change":
            return "改动了是否接收消息的设置"
    return f"[暂不支持的事件：{name[:40]}]"


def _text(fields: Fields) -> Read:
    tapped = short(fields, "menu_id")
    words = text_of(fields, "content", whole=True)
    return "text", shown(words), {"menu": {"id": tapped}} if tapped else None


def _media(name: str) -> Callable[[Fields], Read]:
    def read(fields: Fields) -> Read:
        media = {"id": short(fields, "media_id"), "type": name}
        return "image" if name == "image" else "file", "", {"media": media}

    return read


def _location(fields: Fields) -> Read:
    label = short(fields, "name") or short(fields, "address")
    return place(short(fields, "latitude"), short(fields, "longitude"), label)


def _card(fields: Fields) -> Read:
    return "text", f"[名片] {short(fields, 'userid')}", None


def _menu(fields: Fields) -> Read:
    return "text", f"[菜单] {short(fields, 'head_content')}", None


def _product(fields: Fields) -> Read:
    cents = short(fields, "sales_price")
    price = f"¥{int(cents) / 100:.2f}" if cents.isascii() and cents.isdigit() else cents
    card = {
        "title": short(fields, "title")[:200] or "视频号商品",
        "id": short(fields, "product_id")[:200],
        "price": price[:200],
    }
    return "product", f"[商品] {card['title']}", card


def _order(fields: Fields) -> Read:
    card = {
        "uid": short(fields, "order_id")[:200],
        "statusText": short(fields, "state")[:200],
        "goods": [{"title": short(fields, "product_titles")[:200]}],
        "totalAmount": short(fields, "price_wording")[:200],
    }
    return "order", f"[订单] {card['uid']}", card


_MESSAGES: dict[str, Callable[[Fields], Read]] = {
    "text": _text,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "file": _media("file"),
    "location": _location,
    "link": read_by(link, "title", "desc", "url"),
    "business_card": _card,
    "miniprogram": read_by(page, "title", "appid", "pagepath"),
    "msgmenu": _menu,
    "channels_shop_product": _product,
    "channels_shop_order": _order,
}

FAILS: dict[str, tuple[str, str]] = {
    "fail_0": ("微信没有送达，原因不明", "WeChat did not deliver it, and does not say why"),
    "fail_1": ("客服账号已删除，没有送达", "the service account is deleted, it was not delivered"),
    "fail_2": ("应用已关闭，没有送达", "the app is closed, it was not delivered"),
    "fail_4": ("会话过期超过 48 小时，没有送达", "outside the 48 hours, it was not delivered"),
    "fail_5": ("会话已关闭，没有送达", "the chat is closed, it was not delivered"),
    "fail_6": ("超过 5 条限制，没有送达", "more than 5 messages, it was not delivered"),
    "fail_7": ("没有绑定视频号，没有送达", "no channels account is bound, it was not delivered"),
    "fail_8": ("主体未验证，没有送达", "the company is not verified, it was not delivered"),
    "fail_9": (
        "未绑定视频号且主体未验证，没有送达",
        "neither bound nor verified: not delivered",
    ),
    "fail_10": ("对方拒收客服消息，没有送达", "they refuse such messages, it was not delivered"),
}


def _raw(item: Fields) -> str:
    return msgspec.json.encode(item).decode()
