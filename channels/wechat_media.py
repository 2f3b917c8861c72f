"""Files up to WeChat's servers and down from them, by what they are and not by what they are
called.

WeChat keeps a file for three days. What comes down is read with a limit of size; a video's address
is called only where it is one of WeChat's own hosts, or the server that the owner named (T16).
"""

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from channels.base import Content, Outbound, SendFailed, Wire
from channels.wechat_api import (
    ANSWER_S,
    CONNECT_S,
    Account,
    Json,
    accepted,
    call,
    decoded,
    passed,
    request,
    whole,
)

MB = 1024 * 1024
MOST_UP = MOST_DOWN = 20 * MB
DOWN_S = 60
HOSTS = ("qq.com", "qpic.cn", "qlogo.cn", "wechat.com")


@dataclass(frozen=True, slots=True)
class Limit:
    """How large a kind of file may be, and which types it may have."""

    most: int
    types: frozenset[str]


IMAGE = Limit(10 * MB, frozenset({"image/png", "image/jpeg", "image/gif"}))
VOICE = Limit(2 * MB, frozenset({"audio/amr", "audio/mpeg"}))
VIDEO = Limit(10 * MB, frozenset({"video/mp4"}))
THUMB = Limit(64 * 1024, frozenset({"image/jpeg"}))
FILE = Limit(20 * MB, frozenset())
LIMITS: Mapping[str, Limit] = {
    "image": IMAGE, "voice": VOICE, "video": VIDEO, "thumb": THUMB, "file": FILE,
}  # fmt: skip

BLANK = Content(
    "blank.jpg",
    "image/jpeg",
    # one white dot
    base64.b64decode(
        "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP////////////////////////////////////////////////////////"
        "//////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxD/2Q=="
    ),
)

_BEGINNINGS = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"\x02#!SILK", "audio/silk"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (4, b"ftyp", "video/mp4"),
)


def type_of(body: bytes) -> str:
    """What a file is by its first bytes; empty where that is not known."""
    for at, begin, name in _BEGINNINGS:
        if body[at : at + len(begin)] == begin:
            return name
    return ""


def kind_of(content: Content, allowed: frozenset[str]) -> str:
    """As which kind of message a file can be sent. Raises SendFailed where it cannot."""
    found = type_of(content.body)
    for kind in ("image", "voice", "video", "file"):
        limit = LIMITS[kind]
        if kind in allowed and (found in limit.types or not limit.types):
            if not 5 <= len(content.body) <= limit.most:
                raise SendFailed("media", retry=False, detail=f"{len(content.body)} B")
            return kind
    raise SendFailed("media", retry=False, detail=found or content.type[:60])


async def enclosed(outbound: Outbound, path: Path) -> Content:
    """The file of a message. Raises SendFailed where it is larger than any that can be sent."""
    told = (outbound.data or {}).get("file", {})
    size = (await asyncio.to_thread(path.stat)).st_size
    if size > MOST_UP:
        raise SendFailed("media", retry=False, detail=f"{size} B")
    body = await asyncio.to_thread(path.read_bytes)
    return Content(told.get("name") or path.name, told.get("type", ""), body)


async def upload(account: Account, content: Content, kind: str, wire: Wire) -> str:
    """Hand a file over; returns the provider's id of it. Raises SendFailed; nobody sees it yet."""

    async def post(token: str) -> Json:
        form = aiohttp.FormData()
        sent_as = type_of(content.body) or content.type or "application/octet-stream"
        form.add_field("media", content.body, filename=content.name, content_type=sent_as)
        query = {"access_token": token, "type": kind}
        return await request(
            wire, "POST", account.url("/cgi-bin/media/upload"), query=query, data=form, said=False
        )

    answer = accepted(account, await passed(account, wire, post))
    media_id = answer.get("media_id")
    if not isinstance(media_id, str) or not media_id:
        raise SendFailed("unclear", retry=True, detail="media_id")
    return media_id


async def download(account: Account, media_id: str, wire: Wire) -> Content:
    """Fetch a file. Raises SendFailed where it is gone, too large, or not what anybody sends."""
    found: list[Content] = []

    async def post(token: str) -> Json:
        query = {"access_token": token, "media_id": media_id}
        answer = await _get(account.url("/cgi-bin/media/get"), query, wire)
        if isinstance(answer, Content):
            found.append(answer)
            return {}
        return answer

    answer = accepted(account, await passed(account, wire, post))
    if found:
        return found[0]
    url = answer.get("video_url")
    if not isinstance(url, str) or not _ours(url, account.base):
        raise SendFailed("media", retry=False, detail="video_url")
    video = await _get(url, {}, wire)
    if not isinstance(video, Content):
        raise SendFailed("media", retry=False, detail="video_url")
    return video


async def show_typing(account: Account, path: str, body: Json, wire: Wire) -> None:
    """Say that somebody writes. What is wrong with that harms nobody, and is not looked at."""
    await call(account, path, body, wire, said=False)


async def _get(url: str, query: Mapping[str, str], wire: Wire) -> Content | Json:
    """A file, or the JSON that came in its place."""
    limits = aiohttp.ClientTimeout(total=DOWN_S, connect=CONNECT_S, sock_read=ANSWER_S)
    try:
        async with wire.http.get(
            url, params=query, allow_redirects=False, timeout=limits
        ) as answer:
            status, kind = answer.status, answer.content_type
            body = await whole(answer, MOST_DOWN)
            name = answer.content_disposition.filename if answer.content_disposition else None
    except aiohttp.InvalidURL as wrong:
        raise SendFailed("unreachable", retry=False) from wrong
    except (aiohttp.ClientError, TimeoutError) as wrong:
        raise SendFailed("unreachable", retry=True) from wrong
    if body is None:
        raise SendFailed("media", retry=False, detail=f"> {MOST_DOWN} B")
    if status != 200 or kind in ("application/json", "text/plain", "text/json"):
        return decoded(status, body, said=False)
    return Content(name or "", type_of(body) or kind, body)


def _ours(url: str, base: str) -> bool:
    try:
        asked, named = urlsplit(url), urlsplit(base)
        port = asked.port
    except ValueError:
        return False
    if asked.scheme not in ("http", "https") or asked.hostname is None or asked.username:
        return False
    if (asked.scheme, asked.netloc) == (named.scheme, named.netloc):
        return True
    known = any(asked.hostname == one or asked.hostname.endswith(f".{one}") for one in HOSTS)
    return known and port in (None, 80, 443)
