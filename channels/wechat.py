"""公众号 and 小程序客服: whole messages are pushed to us, answers go out by the customer-service
interface.

Only the secure mode is spoken: the plain signature covers no body, so that whoever once saw one
could write what he likes (T17). Text over 2048 bytes leaves in parts. WeChat gives no id and knows
no repeat: what it may have taken is not sent again by itself.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Any, ClassVar, Literal

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
    Portrait,
    Reason,
    Receipt,
    SendFailed,
    Token,
    Unsealed,
    Wire,
)
from channels.wechat_api import (
    BASE,
    REASONS,
    RETRIES,
    Account,
    Json,
    Meaning,
    accepted,
    call,
    fetched,
    in_words,
    looked_up,
    plain,
)
from channels.wechat_body import BadBody, read, text_of
from channels.wechat_check import checked
from channels.wechat_crypto import AesKey, CallbackToken, Lock
from channels.wechat_inbound import inbound_of
from channels.wechat_media import BLANK, download, enclosed, kind_of, show_typing, upload

MAX_BYTES = 2048
SEND = "/cgi-bin/message/custom/send"
TYPING = {
    "official": "/cgi-bin/message/custom/typing",
    "mini": "/cgi-bin/message/custom/business/typing",
}
PROFILE = "/cgi-bin/user/info"
ANSWER = "success"
FILES = {"official": frozenset({"image", "voice", "video"}), "mini": frozenset({"image"})}

MEANINGS: dict[int, Meaning] = {
    -1: Meaning("busy", retry=True, most=RETRIES),
    45011: Meaning("busy", retry=True),
    45009: Meaning("calls", retry=True),
    **dict.fromkeys((40001, 40014, 42001), Meaning("token", retry=True, most=RETRIES)),
    **dict.fromkeys((40002, 40013, 40125, 41002, 41004), Meaning("credentials")),
    40164: Meaning("address"),
    40003: Meaning("gone"),
    **dict.fromkeys((43004, 43019), Meaning("gone", closed=True)),
    45015: Meaning("window", closed=True),
    45047: Meaning("used_up", closed=True),
    **dict.fromkeys((48001, 48002, 48004, 50001, 50002), Meaning("forbidden")),
    **dict.fromkeys((40007, 40008, 40033, 44004, 45002, 47001, 47003), Meaning("content")),
    **dict.fromkeys((40004, 40005, 40006, 45001), Meaning("media")),
}

_Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=200, extra={"secret": True})]


class WechatConfig(Config):
    """One 公众号 or mini program, as its page 开发 → 基本配置 names it. `quota` is how many
    messages one of the shopper's allows: WeChat has changed it before. `open_platform` names the
    开放平台 account it is bound to, in the shop's own words: people are the same over all inboxes
    that name the same one."""

    app_id: Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z_-]{1,64}$")]
    app_secret: _Secret
    token: CallbackToken
    encoding_aes_key: AesKey
    api_base: Annotated[str, msgspec.Meta(max_length=200, pattern=BASE)] = (
        "https://api.weixin.qq.com"
    )
    account: Literal["official", "mini"] = "official"
    quota: Annotated[int, msgspec.Meta(ge=1, le=100)] = 5
    open_platform: Annotated[str, msgspec.Meta(max_length=100)] = ""


class Wechat:
    """Adapter of kind `wechat`."""

    kind: ClassVar[str] = "wechat"
    Config: ClassVar[type[Config]] = WechatConfig
    abilities: ClassVar[Abilities] = Abilities(
        hook=True, verify=True, fetch=True, window=True, typing=True, profile=True, check=True,
        max_text=MAX_BYTES, unit="bytes",
    )  # fmt: skip
    reasons: ClassVar[Mapping[str, Reason]] = REASONS

    @staticmethod
    def verify(config: WechatConfig, call: Call, now: datetime) -> str:
        """The check of the address, which WeChat signs plainly and wants its own words for."""
        crypto.check(_lock(config), call.query, "signature", now)
        return call.query.get("echostr", "")

    @staticmethod
    def receive(config: WechatConfig, call: Call, now: datetime) -> Heard:
        """Verify, open and read one push. Raises Forged or BadPayload."""
        if len(call.body) > crypto.MAX_BODY:
            raise BadPayload("body", "the body is larger than 64 KB")
        if call.query.get("encrypt_type", "aes") != "aes" or "msg_signature" not in call.query:
            raise Unsealed("plain text is not accepted: choose 安全模式 for the account")
        try:
            encrypt = text_of(read(call.body), "Encrypt")
        except BadBody as wrong:
            raise Forged(str(wrong)) from wrong
        raw = crypto.opened(_lock(config), call, encrypt, now)
        try:
            inbound = inbound_of(read(raw), raw, config.quota)
        except BadBody as wrong:
            raise BadPayload("Encrypt", str(wrong)) from wrong
        return Heard((inbound,), ANSWER, once=call.query["msg_signature"], first_wins=True)

    @staticmethod
    async def send(config: WechatConfig, outbound: Outbound, wire: Wire) -> Receipt:
        """Hand one message over, or its next part."""
        account = _account(config)
        said, more = await _said(config, account, outbound, wire)
        body = {"touser": outbound.person, **said}
        accepted(account, await call(account, SEND, body, wire, said=True))
        return Receipt(more=more)

    @staticmethod
    async def typing(config: WechatConfig, person: str, wire: Wire) -> None:
        body = {"touser": person, "command": "Typing"}
        await show_typing(_account(config), TYPING[config.account], body, wire)

    @staticmethod
    async def profile(config: WechatConfig, person: str, wire: Wire) -> Portrait:
        """Of who follows a 公众号; a mini program learns it only inside itself."""
        if config.account == "mini":
            return Portrait()
        told = await looked_up(_account(config), PROFILE, {"openid": person}, wire)
        return Portrait(
            text_of(told, "headimgurl")[:1000] or None, text_of(told, "unionid")[:128] or None
        )

    @staticmethod
    async def media(config: WechatConfig, media_id: str, wire: Wire) -> Content:
        return await download(_account(config), media_id, wire)

    @staticmethod
    async def check(config: WechatConfig, wire: Wire) -> tuple[Finding, ...]:
        return (await checked(_account(config).fetch, wire),)


def _lock(config: WechatConfig) -> Lock:
    return Lock(config.token, config.encoding_aes_key, config.app_id)


def _account(config: WechatConfig) -> Account:
    base = config.api_base
    return Account(f"wechat:{config.app_id}@{base}", base, partial(_fetch, config), MEANINGS)


async def _fetch(config: WechatConfig, wire: Wire) -> Token:
    asked = {
        "grant_type": "client_credential",
        "appid": config.app_id,
        "secret": config.app_secret,
        "force_refresh": False,
    }
    return await fetched(
        wire, "POST", config.api_base.rstrip("/") + "/cgi-bin/stable_token", MEANINGS,
        data=msgspec.json.encode(asked), headers={"Content-Type": "application/json"},
    )  # fmt: skip


async def _said(
    config: WechatConfig, account: Account, outbound: Outbound, wire: Wire
) -> tuple[Json, bool]:
    """The message as WeChat takes it, and whether another part follows."""
    mini, data = config.account == "mini", outbound.data or {}
    if outbound.content is not None:
        content = await enclosed(outbound, outbound.content)
        kind = kind_of(content, FILES[config.account])
        part = {"media_id": await upload(account, content, kind, wire)}
        if kind == "video":
            # a video needs a still, and nobody here has one of it
            part["thumb_media_id"] = await upload(account, BLANK, "thumb", wire)
            part["title"] = content.name
        return {"msgtype": kind, kind: part}, False
    card = _card(outbound, data, mini=mini)
    if card is not None:
        return card, False
    return in_words(Wechat.abilities, outbound, _words(outbound, data))


def _card(outbound: Outbound, data: Mapping[str, Any], *, mini: bool) -> Json | None:
    """What is more than words: a file that WeChat has, a menu, a mini program's card, an
    article."""
    match data:
        case {"media": {"id": media_id, "type": "image" | "voice" | "video" as kind, **more}}:
            if mini and kind != "image":
                raise SendFailed("media", retry=False, detail=kind)
            video = {"title": outbound.text, "thumb_media_id": more.get("thumb", "")}
            return {
                "msgtype": kind,
                kind: {"media_id": media_id, **(video if kind == "video" else {})},
            }
        case {"menu": {"items": [*items], **more}} if not mini:
            menu = {
                "head_content": plain(str(more.get("head", outbound.text))),
                "list": [
                    {"id": str(one["id"]), "content": plain(str(one["text"]))} for one in items
                ],
                "tail_content": plain(str(more.get("tail", ""))),
            }
            return {"msgtype": "msgmenu", "msgmenu": menu}
        case {"app": {"appid": appid, "path": path, "thumb": thumb, **more}}:
            title = more.get("title", outbound.text)
            page = {"title": title, "pagepath": path, "thumb_media_id": thumb}
            shown = page if mini else {**page, "appid": appid}
            return {"msgtype": "miniprogrampage", "miniprogrampage": shown}
        case {"title": title, "url": str(url), **more} if url.startswith("http"):
            told = {"title": title, "description": more.get("price", ""), "url": url}
            picture = more.get("image", "")
            if mini:
                return {"msgtype": "link", "link": {**told, "thumb_url": picture}}
            return {"msgtype": "news", "news": {"articles": [{**told, "picurl": picture}]}}
    return None


def _words(outbound: Outbound, data: Mapping[str, Any]) -> str:
    """What is said where only words can be: a menu is a numbered list."""
    match data:
        case {"menu": {"items": [*items], **more}}:
            lines = [f"{number}. {one['text']}" for number, one in enumerate(items, start=1)]
            head = str(more.get("head", outbound.text))
            return "\n".join([head, *lines, str(more.get("tail", ""))]).strip()
        case {"title": title}:
            return f"{outbound.text}\n{title}".strip()
    return outbound.text
