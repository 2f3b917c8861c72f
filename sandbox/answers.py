"""What the shop may send, field by field; and what the phone shows of it.

An unknown field is refused, where the platform would say nothing and drop it: a misspelt name
should be seen in a test.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from sandbox.accounts import Kind
from sandbox.media import Media
from sandbox.refusals import Refusal

ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9A-Fa-f]{4}")
KF_ACCOUNT = re.compile(r"[\w.-]+@[\w.-]+", re.ASCII)
OWN_ID = re.compile(r"[0-9A-Za-z_-]{0,32}")


@dataclass(frozen=True, slots=True)
class Field:
    """A text: needed or not, at most so many bytes of UTF-8, with the code for more."""

    most: int = 2048
    over: int = 45002
    needed: bool = True
    empty: int | None = None
    media: tuple[str, ...] = ()
    end: str = ""


ID = Field(512)
TITLE, ABOUT, URL = Field(over=45003), Field(over=45004, needed=False), Field(over=45005)
OPTIONAL = Field(needed=False)
THUMB = Field(512, media=("thumb", "image"))
TEXT = {"content": Field(empty=44004)}


def _media(*types: str) -> dict[str, Field]:
    return {"media_id": Field(512, media=types)}


CARD = {"title": Field(64, over=45003), "appid": ID, "thumb_media_id": THUMB}
SHAPES: dict[Kind, dict[str, dict[str, Field]]] = {
    Kind.OFFICIAL: {
        "text": TEXT,
        "image": _media("image"),
        "voice": _media("voice"),
        "video": {
            **_media("video"),
            "thumb_media_id": THUMB,
            "title": OPTIONAL,
            "description": ABOUT,
        },
        "music": {
            "title": OPTIONAL, "description": ABOUT, "musicurl": URL, "hqmusicurl": URL,
            "thumb_media_id": THUMB,
        },
        "news": {},
        "mpnewsarticle": {"article_id": ID},
        "msgmenu": {},
        "miniprogrampage": {**CARD, "pagepath": Field(1024)},
    },
    Kind.MINI: {
        "text": TEXT,
        "image": _media("image"),
        "link": {"title": TITLE, "description": ABOUT, "url": URL, "thumb_url": OPTIONAL},
        "miniprogrampage": {
            "title": Field(64, over=45003), "pagepath": Field(1024), "thumb_media_id": THUMB,
        },
    },
    Kind.KF: {
        "text": TEXT,
        "image": _media("image"),
        "voice": _media("voice"),
        "video": _media("video"),
        "file": _media("file"),
        "link": {
            "title": Field(128, over=45003), "desc": Field(512, over=45004, needed=False),
            "url": URL, "thumb_media_id": THUMB,
        },
        "miniprogram": {**CARD, "pagepath": Field(1024, end=".html")},
        "msgmenu": {},
        "location": {},
    },
}  # fmt: skip
ARTICLE = {"title": TITLE, "description": ABOUT, "url": URL, "picurl": OPTIONAL}
MENU_TEXT = Field(1024, needed=False)
ITEMS: dict[str, dict[str, Field]] = {
    "click": {"id": Field(128, needed=False), "content": Field(128)},
    "view": {"url": URL, "content": Field(1024)},
    "miniprogram": {"appid": ID, "pagepath": Field(1024), "content": Field(1024)},
    "text": {"content": Field(256), "no_newline": OPTIONAL},
}


def decoded(body: bytes) -> dict[str, Any]:
    """The call's object. Raises Refusal for what is not JSON, or escapes its Chinese."""
    if not body.strip():
        raise Refusal(44002)
    try:
        value = json.loads(body)
    except (json.JSONDecodeError, UnicodeDecodeError) as wrong:
        raise Refusal(47001, str(wrong)) from wrong
    if not isinstance(value, dict):
        raise Refusal(47001, "not an object")
    if ESCAPE.search(body):
        raise Refusal(40033)
    return value


def checked(
    kind: Kind, body: dict[str, Any], media: Media, *, others: tuple[str, ...]
) -> tuple[str, dict[str, Any]]:
    """Type and content of a message, ready to be shown; `others` are the call's own fields.

    Raises Refusal.
    """
    wrong = 40058 if kind is Kind.KF else 47001
    type_ = body.get("msgtype")
    if not isinstance(type_, str) or type_ not in SHAPES[kind]:
        raise Refusal(40008, str(type_))
    _known(body, {"msgtype", type_, *others}, wrong)
    part = _object(body.get(type_), type_, wrong)
    if type_ == "news":
        return type_, _news(part, wrong)
    if type_ == "msgmenu":
        return type_, _menu(part, wrong, items=kind is Kind.KF)
    if type_ == "location":
        return type_, _location(part, wrong)
    _check(part, SHAPES[kind][type_], media, wrong)
    return ("miniprogrampage" if type_ == "miniprogram" else type_), _shown(type_, part)


def text_field(body: dict[str, Any], name: str, code: int) -> str:
    """A field that must be a text. Raises Refusal(code)."""
    value = body.get(name)
    if not isinstance(value, str):
        raise Refusal(code, f"{name} is not a string")
    return value


def own_id(body: dict[str, Any]) -> str:
    """The sender's own msgid, or an empty text. Raises Refusal(40058)."""
    given = body.get("msgid", "")
    if not isinstance(given, str) or not OWN_ID.fullmatch(given):
        raise Refusal(40058, "msgid")
    return given


def check_kf_account(body: dict[str, Any]) -> None:
    if "customservice" in body:
        agent = _object(body["customservice"], "customservice", 47001)
        _known(agent, {"kf_account"}, 47001)
        if not KF_ACCOUNT.fullmatch(str(agent.get("kf_account", ""))):
            raise Refusal(61452)


def _shown(type_: str, part: dict[str, Any]) -> dict[str, Any]:
    if type_ == "text":
        return {"text": part["content"]}
    names = {
        "media_id": "media", "thumb_media_id": "thumb", "desc": "description", "pagepath": "path",
        "musicurl": "url", "thumb_url": "picture",
    }  # fmt: skip
    return {names.get(name, name): value for name, value in part.items()}


def _news(part: dict[str, Any], wrong: int) -> dict[str, Any]:
    _known(part, {"articles"}, wrong)
    articles = part.get("articles")
    if not isinstance(articles, list) or len(articles) != 1:
        raise Refusal(45008, "one article")
    article = _object(articles[0], "articles[0]", wrong)
    _check(article, ARTICLE, None, wrong)
    shown = _shown("news", article)
    return {**shown, "picture": shown.pop("picurl", "")}


def _menu(part: dict[str, Any], wrong: int, *, items: bool) -> dict[str, Any]:
    _known(part, {"head_content", "list", "tail_content"}, wrong)
    ends = {"head_content": MENU_TEXT, "tail_content": MENU_TEXT}
    _check({name: part[name] for name in ends if name in part}, ends, None, wrong)
    choices = part.get("list")
    if not isinstance(choices, list) or not choices:
        raise Refusal(wrong, "msgmenu.list is empty")
    return {
        "head": part.get("head_content", ""),
        "items": [_item(one, wrong) if items else _choice(one, wrong) for one in choices],
        "tail": part.get("tail_content", ""),
    }


def _choice(item: Any, wrong: int) -> dict[str, Any]:
    item = _object(item, "msgmenu.list", wrong)
    _check(item, {"id": Field(128), "content": Field(1024)}, None, wrong)
    return {"type": "click", **item}


def _item(item: Any, wrong: int) -> dict[str, Any]:
    item = _object(item, "msgmenu.list", wrong)
    type_ = item.get("type")
    if not isinstance(type_, str) or type_ not in ITEMS:
        raise Refusal(wrong, "msgmenu.list.type")
    _known(item, {"type", type_}, wrong)
    inside = _object(item.get(type_), type_, wrong)
    _check(inside, ITEMS[type_], None, wrong)
    return {"type": type_, **inside}


def _location(part: dict[str, Any], wrong: int) -> dict[str, Any]:
    _known(part, {"name", "address", "latitude", "longitude"}, wrong)
    for name in ("latitude", "longitude"):
        if isinstance(part.get(name), bool) or not isinstance(part.get(name), int | float):
            raise Refusal(wrong, f"location.{name}")
    return {"title": str(part.get("name", "")), "label": str(part.get("address", ""))}


def _check(part: dict[str, Any], fields: dict[str, Field], media: Media | None, wrong: int) -> None:
    _known(part, set(fields), wrong)
    for name, field in fields.items():
        if name not in part and not field.needed:
            continue
        value = part.get(name)
        if name == "no_newline" and value in (0, 1):
            continue
        if not isinstance(value, str):
            raise Refusal(wrong, f"{name} is not a string")
        if field.needed and not value:
            raise Refusal(field.empty or (40007 if field.media else wrong), f"{name} is empty")
        if len(value.encode("utf-8", "surrogatepass")) > field.most:
            raise Refusal(field.over, name)
        if not value.endswith(field.end):
            raise Refusal(wrong, f"{name} must end in {field.end}")
        if field.media and media is not None:
            media.find(value, field.media)


def _object(value: Any, name: str, wrong: int) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Refusal(wrong, f"{name} is not an object")
    return value


def _known(part: dict[str, Any], names: set[str], wrong: int) -> None:
    unknown = sorted(set(part) - names)
    if unknown:
        raise Refusal(wrong, f"unknown field {', '.join(unknown)}")
