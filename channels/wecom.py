"""微信客服: a callback only rings, what was written is pulled page by page, answers go by send_msg.

Our agents answer through the interface, which works in the states 0 and 1 of a chat only: whoever
writes is moved from 0 to 1, and nobody ever to 3, where a person inside WeCom answers. Each message
leaves under an id of our own, by which a later word that it failed is known again.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any, ClassVar

import msgspec

from channels import wechat_crypto as crypto
from channels.base import (
    Abilities,
    BadPayload,
    Call,
    Config,
    Content,
    Finding,
    Forged,
    Heard,
    Outbound,
    Page,
    Portrait,
    Reason,
    Receipt,
    Ring,
    SendFailed,
    Token,
    Wire,
)
from channels.wechat_api import (
    BASE,
    OK,
    REASONS,
    RETRIES,
    Account,
    Json,
    Meaning,
    accepted,
    call,
    errcode,
    fetched,
    in_words,
    plain,
)
from channels.wechat_body import BadBody, Fields, read, text_of
from channels.wechat_check import checked
from channels.wechat_crypto import AesKey, CallbackToken, Lock
from channels.wechat_media import download, enclosed, kind_of, upload
from channels.wecom_inbound import FAILS, Profile, deeds, entered, person_of

MAX_BYTES = 2048
LIMIT = 100  # a page is stored in one transaction, which nobody should have to wait for
AT_ONCE = 100
GREET_S = 20
BAD_STATE = 95018
NEW, OURS = 0, 1
STATES = {2: "pool", 3: "human", 4: "ended"}
FILES = frozenset({"image", "voice", "video", "file"})

MEANINGS: dict[int, Meaning] = {
    -1: Meaning("busy", retry=True, most=RETRIES),
    **dict.fromkeys((45009, 45033), Meaning("busy", retry=True)),
    **dict.fromkeys((40014, 42001), Meaning("token", retry=True, most=RETRIES)),
    **dict.fromkeys((40001, 40013), Meaning("credentials")),
    60020: Meaning("address"),
    95000: Meaning("account"),
    40096: Meaning("gone"),
    40003: Meaning("gone"),
    95002: Meaning("window", closed=True),
    95001: Meaning("used_up", closed=True),
    **dict.fromkeys((48002, 60011, 95011), Meaning("forbidden")),
    95013: Meaning("ended"),
    BAD_STATE: Meaning("ended"),
    **dict.fromkeys((40007, 40008, 40058, 44004, 45002, 47001), Meaning("content")),
    **dict.fromkeys((40004, 40005, 40006, 45001), Meaning("media")),
}

_Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=200, extra={"secret": True})]
_Id = Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z_-]{1,64}$")]


class WecomConfig(Config):
    """One 客服账号 of a company; `secret` is that of 微信客服. `welcome` greets whoever opens the
    chat, where WeCom allows it."""

    corp_id: _Id
    secret: _Secret
    token: CallbackToken
    encoding_aes_key: AesKey
    open_kfid: _Id
    api_base: Annotated[str, msgspec.Meta(max_length=200, pattern=BASE)] = (
        "https://qyapi.weixin.qq.com"
    )
    quota: Annotated[int, msgspec.Meta(ge=1, le=100)] = 5
    welcome: Annotated[str, msgspec.Meta(max_length=600)] = ""


class Wecom:
    """Adapter of kind `wecom`.

    Not `idempotent`, though a message carries the same id at every try: that a second one under it
    is left out is nowhere promised.
    """

    kind: ClassVar[str] = "wecom"
    Config: ClassVar[type[Config]] = WecomConfig
    abilities: ClassVar[Abilities] = Abilities(
        hook=True, verify=True, pull=True, fetch=True, window=True, check=True,
        max_text=MAX_BYTES, unit="bytes",
    )  # fmt: skip
    reasons: ClassVar[Mapping[str, Reason]] = {
        **REASONS,
        **{code: Reason(*said) for code, said in FAILS.items()},
        "account": Reason("客服账号 ID 不对（{detail}）", "there is no such account ({detail})"),
        "pool": Reason(
            "会话在企业微信的待接入池里，发不出去", "the chat waits inside WeCom for a person there"
        ),
        "human": Reason(
            "会话由企业微信里的客服接待，发不出去", "somebody inside WeCom answers this chat"
        ),
        "ended": Reason(
            "会话已结束；等客户再发来消息",
            "the chat has ended; it can be sent once they write again",
        ),
    }

    @staticmethod
    def account(config: WecomConfig) -> str:
        return config.open_kfid

    @staticmethod
    def verify(config: WecomConfig, call: Call, now: datetime) -> str:
        """The word the address is tried with, opened."""
        # a plus that came as it is was read as a blank, which is no letter of the alphabet here
        return crypto.opened(
            _lock(config), call, call.query.get("echostr", "").replace(" ", "+"), now
        )

    @staticmethod
    def receive(config: WecomConfig, call: Call, now: datetime) -> Heard:
        """Verify and read one ring. Raises Forged or BadPayload."""
        if len(call.body) > crypto.MAX_BODY:
            raise BadPayload("body", "the body is larger than 64 KB")
        try:
            encrypt = text_of(read(call.body), "Encrypt")
        except BadBody as wrong:
            raise Forged(str(wrong)) from wrong
        text = crypto.opened(_lock(config), call, encrypt, now)
        try:
            fields = read(text)
            rings = text_of(fields, "Event") == "kf_msg_or_event"
            ring = Ring(text_of(fields, "OpenKfId"), text_of(fields, "Token")) if rings else None
        except BadBody as wrong:
            raise BadPayload("Encrypt", str(wrong)) from wrong
        return Heard((), "", once=call.query["msg_signature"], ring=ring)

    @staticmethod
    async def pull(config: WecomConfig, cursor: str, ring: str, wire: Wire, now: datetime) -> Page:
        """The next page, with the names of those in it."""
        account = _account(config)
        answer = await _synced(config, account, cursor, ring, wire)
        found = answer.get("msg_list")
        items = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        happened = deeds(
            items, now,
            quota=config.quota, first=not cursor, profiles=await _profiles(account, items, wire),
        )  # fmt: skip
        told = answer.get("next_cursor")
        after = told if isinstance(told, str) and told else cursor
        return Page(
            happened,
            after,
            answer.get("has_more") == 1 and after != cursor,  # else it would be asked for ever
            tuple(_afterwards(config, account, items, wire, now)),
        )

    @staticmethod
    async def send(config: WecomConfig, outbound: Outbound, wire: Wire) -> Receipt:
        """Hand one message over, or its next part."""
        account = _account(config)
        said, more = await _said(account, outbound, wire)
        message_id = f"{outbound.letter}-{outbound.part}"
        body = {
            "touser": outbound.person, "open_kfid": config.open_kfid, "msgid": message_id, **said,
        }  # fmt: skip
        answer = await call(account, "/cgi-bin/kf/send_msg", body, wire, said=True)
        if errcode(answer) == BAD_STATE:
            await _make_ours(config, account, outbound.person, wire)
            answer = await call(account, "/cgi-bin/kf/send_msg", body, wire, said=True)
        accepted(account, answer)
        return Receipt(message_id, more=more)

    @staticmethod
    async def media(config: WecomConfig, media_id: str, wire: Wire) -> Content:
        return await download(_account(config), media_id, wire)

    @staticmethod
    async def check(config: WecomConfig, wire: Wire) -> tuple[Finding, ...]:
        return (await checked(_account(config).fetch, wire),)


def _lock(config: WecomConfig) -> Lock:
    return Lock(config.token, config.encoding_aes_key, config.corp_id)


def _account(config: WecomConfig) -> Account:
    # a company's secrets have passes of their own, so that the account's name says which it is
    name = f"wecom:{config.corp_id}@{config.api_base}"
    return Account(name, config.api_base, partial(_fetch, config), MEANINGS)


async def _fetch(config: WecomConfig, wire: Wire) -> Token:
    asked = {"corpid": config.corp_id, "corpsecret": config.secret}
    url = config.api_base.rstrip("/") + "/cgi-bin/gettoken"
    return await fetched(wire, "GET", url, MEANINGS, query=asked)


async def _synced(
    config: WecomConfig, account: Account, cursor: str, ring: str, wire: Wire
) -> Json:
    """One page as it came. A ring that is not taken, being too old, say, is left out: asked without
    one, WeCom answers too, though less often."""
    asked = {"cursor": cursor, "limit": LIMIT, "voice_format": 0, "open_kfid": config.open_kfid}
    path = "/cgi-bin/kf/sync_msg"
    if ring:
        answer = await call(account, path, {**asked, "token": ring}, wire, said=False)
        if errcode(answer) == OK:
            return answer
    return accepted(account, await call(account, path, asked, wire, said=False))


async def _profiles(account: Account, items: list[Fields], wire: Wire) -> dict[str, Profile]:
    """Names and pictures of those in a page; a page without them is a page all the same."""
    persons = sorted({one for one in map(person_of, items) if one})
    found: dict[str, Profile] = {}
    for start in range(0, len(persons), AT_ONCE):
        asked = {"external_userid_list": persons[start : start + AT_ONCE]}
        try:
            path = "/cgi-bin/kf/customer/batchget"
            answer = accepted(account, await call(account, path, asked, wire, said=False))
        except SendFailed:
            return found
        for one in answer.get("customer_list") or ():
            if isinstance(one, dict) and (name := text_of(one, "nickname")):
                portrait = Portrait(
                    text_of(one, "avatar")[:1000] or None, text_of(one, "unionid")[:128] or None
                )
                found[text_of(one, "external_userid")] = Profile(name[:64], portrait)
    return found


def _afterwards(
    config: WecomConfig, account: Account, items: list[Fields], wire: Wire, now: datetime
) -> list[Callable[[], Awaitable[None]]]:
    """Greet who has just come, and hold the chats of those who wrote."""
    todo: list[Callable[[], Awaitable[None]]] = []
    for item in items:
        came = entered(item, now)
        if came and config.welcome and (now - came.at).total_seconds() <= GREET_S:
            todo.append(partial(_greet, config, account, came.code, wire))
    wrote = {person_of(one) for one in items if text_of(one, "origin") == "3"} - {""}
    todo += [partial(_hold, config, account, one, wire) for one in sorted(wrote)]
    return todo


async def _greet(config: WecomConfig, account: Account, code: str, wire: Wire) -> None:
    body = {"code": code, "msgtype": "text", "text": {"content": config.welcome}}
    path = "/cgi-bin/kf/send_msg_on_event"
    accepted(account, await call(account, path, body, wire, said=True))


async def _hold(config: WecomConfig, account: Account, person: str, wire: Wire) -> None:
    """Make a new chat one that the interface answers; leave any other as it is."""
    if await _state(config, account, person, wire) == NEW:
        await _move(config, account, person, wire)


async def _make_ours(config: WecomConfig, account: Account, person: str, wire: Wire) -> None:
    """After a refusal. Raises SendFailed where the chat is in other hands, or over."""
    state = await _state(config, account, person, wire)
    if state in STATES:
        raise SendFailed(STATES[state], retry=False, detail=str(BAD_STATE), closed=state == 4)
    if state == NEW:
        await _move(config, account, person, wire)


async def _state(config: WecomConfig, account: Account, person: str, wire: Wire) -> int:
    asked = {"open_kfid": config.open_kfid, "external_userid": person}
    path = "/cgi-bin/kf/service_state/get"
    answer = accepted(account, await call(account, path, asked, wire, said=False))
    state = answer.get("service_state")
    return state if isinstance(state, int) else -1


async def _move(config: WecomConfig, account: Account, person: str, wire: Wire) -> None:
    asked = {"open_kfid": config.open_kfid, "external_userid": person, "service_state": OURS}
    path = "/cgi-bin/kf/service_state/trans"
    accepted(account, await call(account, path, asked, wire, said=False))


async def _said(account: Account, outbound: Outbound, wire: Wire) -> tuple[Json, bool]:
    """The message as WeCom takes it, and whether another part follows."""
    data: Mapping[str, Any] = outbound.data or {}
    if outbound.content is not None:
        content = await enclosed(outbound, outbound.content)
        kind = kind_of(content, FILES)
        media_id = await upload(account, content, kind, wire)
        return {"msgtype": kind, kind: {"media_id": media_id}}, False
    match data:
        case {"media": {"id": media_id, "type": "image" | "voice" | "video" | "file" as kind}}:
            return {"msgtype": kind, kind: {"media_id": media_id}}, False
        case {"menu": {"items": [*items], **more}}:
            clicks = [{"id": str(one["id"]), "content": plain(str(one["text"]))} for one in items]
            menu = {
                "head_content": plain(str(more.get("head", outbound.text))),
                "list": [{"type": "click", "click": one} for one in clicks],
                "tail_content": plain(str(more.get("tail", ""))),
            }
            return {"msgtype": "msgmenu", "msgmenu": menu}, False
        case {"app": {"appid": appid, "path": path, "thumb": thumb, **more}}:
            title = more.get("title", outbound.text)
            page = {"appid": appid, "title": title, "thumb_media_id": thumb, "pagepath": path}
            return {"msgtype": "miniprogram", "miniprogram": page}, False
    return in_words(Wecom.abilities, outbound, _words(outbound, data))


def _words(outbound: Outbound, data: Mapping[str, Any]) -> str:
    """A product is said in words: a link needs a picture that WeCom has."""
    match data:
        case {"title": title, **more}:
            lines = (outbound.text, title, more.get("price", ""), more.get("url", ""))
            return "\n".join(str(one) for one in lines if one)
    return outbound.text
