"""What a person does on their phone, and the message or event that the platform makes of it."""

import base64
import secrets
from dataclasses import dataclass
from typing import Any

import msgspec

from sandbox.accounts import Kind
from sandbox.media import Media, silence

VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(64)
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkaPj/HwAEgwJ/Z5PgLwAAAABJRU5ErkJggg=="
)


class WrongAct(ValueError):
    """This account has no such thing."""


class Act(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One deed; which fields count depends on `type`. `data` is a file's bytes in base64."""

    type: str
    text: str = ""
    data: bytes = b""
    name: str = ""
    seconds: int = 3
    recognition: str = ""
    latitude: float = 30.2741
    longitude: float = 120.1551
    label: str = ""
    title: str = ""
    description: str = ""
    url: str = ""
    picture: str = ""
    app_id: str = ""
    path: str = ""
    key: str = ""
    scene: str = ""
    msgid: str = ""
    fields: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Said:
    """`fields` go to the shop, `shown` to the phone; `trigger` is what it allows the shop."""

    fields: dict[str, Any]
    shown: dict[str, Any]
    trigger: str = ""


def said(kind: Kind, act: Act, media: Media, origin: str) -> Said:
    """Raises WrongAct where the product has no such deed."""
    makers = {Kind.OFFICIAL: _OFFICIAL, Kind.MINI: _MINI, Kind.KF: _KF}[kind]
    maker = makers.get(act.type)
    if maker is None:
        raise WrongAct(f"{kind} has no {act.type!r}; there are: {', '.join(makers)}")
    made: Said = maker(act, media, origin)
    return made


def _text(act: Act, media: Media, origin: str) -> Said:
    return Said({"MsgType": "text", "Content": act.text}, {"text": act.text}, "message")


def _menu(act: Act, media: Media, origin: str) -> Said:
    """A tap on an item of a msgmenu comes as a text, but counts as a click."""
    fields = {"MsgType": "text", "Content": act.text, "bizmsgmenuid": act.key}
    return Said(fields, {"text": act.text}, "click")


def _image(act: Act, media: Media, origin: str) -> Said:
    file = media.of_shopper("image", act.name or "picture.png", act.data or DOT)
    address = f"{origin}/_/media/{file.id}"
    fields = {"MsgType": "image", "PicUrl": address, "MediaId": file.id}
    return Said(fields, {"media": file.id}, "message")


def _voice(act: Act, media: Media, origin: str) -> Said:
    file = media.of_shopper("voice", "voice.amr", act.data or silence(act.seconds))
    fields = {"MsgType": "voice", "MediaId": file.id, "Format": "amr"}
    if act.recognition:
        fields["Recognition"] = act.recognition
    shown = {"media": file.id, "seconds": act.seconds, "recognition": act.recognition}
    return Said(fields, shown, "message")


def _video(act: Act, media: Media, origin: str) -> Said:
    file = media.of_shopper("video", "video.mp4", act.data or VIDEO)
    thumb = media.of_shopper("image", "thumb.png", DOT)
    fields = {"MsgType": act.type, "MediaId": file.id, "ThumbMediaId": thumb.id}
    return Said(fields, {"media": file.id, "name": act.name}, "message")


def _location(act: Act, media: Media, origin: str) -> Said:
    fields = {
        "MsgType": "location", "Location_X": act.latitude, "Location_Y": act.longitude,
        "Scale": 16, "Label": act.label,
    }  # fmt: skip
    return Said(fields, {"title": act.title or act.label, "label": act.label}, "message")


def _link(act: Act, media: Media, origin: str) -> Said:
    fields = {"MsgType": "link", "Title": act.title, "Description": act.description, "Url": act.url}
    shown = {"title": act.title, "description": act.description, "url": act.url}
    return Said(fields, shown, "message")


def _card(act: Act, media: Media, origin: str) -> Said:
    thumb = media.of_shopper("image", "thumb.png", act.data or DOT)
    fields = {
        "MsgType": "miniprogrampage", "Title": act.title, "AppId": act.app_id,
        "PagePath": act.path, "ThumbUrl": f"{origin}/_/media/{thumb.id}",
        "ThumbMediaId": thumb.id,
    }  # fmt: skip
    return Said(fields, {"title": act.title, "path": act.path}, "message")


def _event(name: str, **more: Any) -> dict[str, Any]:
    return {"MsgType": "event", "Event": name, **more}


def _subscribe(act: Act, media: Media, origin: str) -> Said:
    if act.scene:
        scanned = {"EventKey": f"qrscene_{act.scene}", "Ticket": secrets.token_urlsafe(30)}
        return Said(_event("subscribe", **scanned), {}, "subscribe")
    return Said(_event("subscribe", EventKey=""), {}, "subscribe")


def _unsubscribe(act: Act, media: Media, origin: str) -> Said:
    return Said(_event("unsubscribe", EventKey=""), {})


def _scan(act: Act, media: Media, origin: str) -> Said:
    fields = _event("SCAN", EventKey=act.scene, Ticket=secrets.token_urlsafe(30))
    return Said(fields, {"text": act.scene}, "scan")


def _click(act: Act, media: Media, origin: str) -> Said:
    return Said(_event("CLICK", EventKey=act.key), {"text": act.text or act.key}, "click")


def _view(act: Act, media: Media, origin: str) -> Said:
    return Said(_event("VIEW", EventKey=act.url, MenuId=1), {"text": act.text or act.url})


def _whereabouts(act: Act, media: Media, origin: str) -> Said:
    where = {"Latitude": act.latitude, "Longitude": act.longitude, "Precision": 40.0}
    return Said(_event("LOCATION", **where), {})


def _session(act: Act, media: Media, origin: str) -> Said:
    fields = _event("user_enter_tempsession", SessionFrom=act.scene)
    return Said(fields, {"text": act.scene}, "enter")


def _raw(act: Act, media: Media, origin: str) -> Said:
    """Anything, also what no document names."""
    return Said(dict(act.fields), {"text": str(act.fields)}, "message")


def _kf_text(act: Act, media: Media, origin: str) -> Said:
    more = {"menu_id": act.key} if act.type == "menu" else {}
    fields = {"msgtype": "text", "text": {"content": act.text, **more}}
    return Said(fields, {"text": act.text}, "message")


def _kf_file(act: Act, media: Media, origin: str) -> Said:
    samples = {"image": DOT, "voice": silence(act.seconds), "video": VIDEO, "file": b"%PDF-1.4\n"}
    file = media.of_shopper(act.type, act.name or act.type, act.data or samples[act.type])
    shown = {"media": file.id, "name": file.name, "seconds": act.seconds}
    return Said({"msgtype": act.type, act.type: {"media_id": file.id}}, shown, "message")


def _kf_location(act: Act, media: Media, origin: str) -> Said:
    where = {
        "latitude": act.latitude, "longitude": act.longitude,
        "name": act.title or act.label, "address": act.label,
    }  # fmt: skip
    shown = {"title": where["name"], "label": act.label}
    return Said({"msgtype": "location", "location": where}, shown, "message")


def _kf_link(act: Act, media: Media, origin: str) -> Said:
    link = {"title": act.title, "desc": act.description, "url": act.url, "pic_url": act.picture}
    shown = {"title": act.title, "description": act.description, "url": act.url}
    return Said({"msgtype": "link", "link": link}, shown, "message")


def _kf_card(act: Act, media: Media, origin: str) -> Said:
    thumb = media.of_shopper("image", "thumb.png", act.data or DOT)
    card = {
        "title": act.title, "appid": act.app_id, "pagepath": act.path, "thumb_media_id": thumb.id,
    }  # fmt: skip
    shown = {"title": act.title, "path": act.path}
    return Said({"msgtype": "miniprogram", "miniprogram": card}, shown, "message")


def _kf_enter(act: Act, media: Media, origin: str) -> Said:
    event = {"event_type": "enter_session", "scene": act.scene, "scene_param": act.key}
    return Said({"msgtype": "event", "event": event}, {"text": act.scene})


def _kf_recall(act: Act, media: Media, origin: str) -> Said:
    event = {"event_type": "user_recall_msg", "recall_msgid": act.msgid}
    return Said({"msgtype": "event", "event": event}, {})


_OFFICIAL = {
    "text": _text, "image": _image, "voice": _voice, "video": _video, "shortvideo": _video,
    "location": _location, "link": _link, "menu": _menu, "subscribe": _subscribe,
    "unsubscribe": _unsubscribe, "scan": _scan, "click": _click, "view": _view,
    "whereabouts": _whereabouts, "raw": _raw,
}  # fmt: skip
_MINI = {
    "text": _text, "image": _image, "miniprogrampage": _card, "enter": _session, "raw": _raw,
}  # fmt: skip
_KF = {
    "text": _kf_text, "menu": _kf_text, "image": _kf_file, "voice": _kf_file, "video": _kf_file,
    "file": _kf_file, "location": _kf_location, "link": _kf_link, "miniprogrampage": _kf_card,
    "enter": _kf_enter, "recall": _kf_recall, "raw": _raw,
}  # fmt: skip
