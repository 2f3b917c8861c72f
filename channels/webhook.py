"""A program of the shop's own: it posts what people write, and gets what the desk says, signed.

Both ways carry `X-Dianxiaoer-Timestamp` (Unix seconds) and `X-Dianxiaoer-Signature`, which is
`sha256=` and the hex of HMAC-SHA256(secret, timestamp + "." + body).
"""

import hashlib
import hmac
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal

import aiohttp
import msgspec

from channels.base import (
    Abilities,
    BadPayload,
    Call,
    Config,
    Forged,
    Heard,
    Inbound,
    Outbound,
    Reason,
    Receipt,
    SendFailed,
    Wire,
)

TIMESTAMP = "X-Dianxiaoer-Timestamp"
SIGNATURE = "X-Dianxiaoer-Signature"
SKEW_S = 300
CONNECT_S = 5
ANSWER_S = 15
AGAIN = frozenset({408, 425, 429})

_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class WebhookConfig(Config):
    """The secret both sides sign with, and where what the desk says is posted."""

    secret: Annotated[str, msgspec.Meta(min_length=1, max_length=200, extra={"secret": True})]
    url: Annotated[str, msgspec.Meta(max_length=2000, pattern=r"^https?://[^\s/]+")]


class Post(msgspec.Struct, forbid_unknown_fields=True):
    """What the shop's program posts."""

    id: _Id
    person: _Id
    text: str
    name: Annotated[str, msgspec.Meta(max_length=64)] = ""
    kind: Literal["text", "event"] = "text"


class Webhook:
    """Adapter of kind `webhook`.

    Not `idempotent`, though every try carries the same key: whether a program of the shop's own
    honours it is not ours to know.
    """

    kind: ClassVar[str] = "webhook"
    Config: ClassVar[type[Config]] = WebhookConfig
    abilities: ClassVar[Abilities] = Abilities(hook=True)
    reasons: ClassVar[Mapping[str, Reason]] = {
        "refused": Reason("对方拒收了这条消息（HTTP {detail}）", "it was refused (HTTP {detail})"),
        "failing": Reason("对方暂时收不下（HTTP {detail}）", "it is not taken now (HTTP {detail})"),
        "unreachable": Reason("连不上对方的服务器", "their server cannot be reached"),
        "silent": Reason(
            "已经发出，但对方没有答复：可能收到，也可能没有",
            "it left, but nothing was answered: it may or may not have arrived",
        ),
    }

    @staticmethod
    def receive(config: WebhookConfig, call: Call, now: datetime) -> Heard:
        """Verify and read one post. Raises Forged or BadPayload."""
        _verify(config.secret, call, now)
        try:
            post = msgspec.json.decode(call.body, type=Post)
        except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
            raise BadPayload("body", str(wrong)) from wrong
        if not post.text.strip():
            raise BadPayload("text", "`text` is empty")
        inbound = Inbound(post.person, post.id, post.kind, post.text, name=post.name or None)
        return Heard((inbound,), '{"ok":true}', "application/json")

    @staticmethod
    async def send(config: WebhookConfig, outbound: Outbound, wire: Wire) -> Receipt:
        """Post one message. Redirects are not followed: the owner named one address."""
        body = msgspec.json.encode(_shape(outbound))
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": outbound.key,
            **signed(config.secret, body, at=int(time.time())),
        }
        limits = aiohttp.ClientTimeout(total=CONNECT_S + ANSWER_S, connect=CONNECT_S)
        try:
            async with wire.http.post(
                config.url, data=body, headers=headers, allow_redirects=False, timeout=limits
            ) as answer:
                status = answer.status
        except aiohttp.InvalidURL as wrong:
            raise SendFailed("unreachable", retry=False) from wrong
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as failure:
            raise SendFailed("unreachable", retry=True) from failure
        except (aiohttp.ClientError, TimeoutError) as failure:
            raise SendFailed("silent", retry=False, ambiguous=True) from failure
        return _receipt(status)


def signed(secret: str, body: bytes, *, at: int) -> dict[str, str]:
    """The two headers that prove where a body comes from and when."""
    return {TIMESTAMP: str(at), SIGNATURE: _signature(secret, str(at), body)}


def _signature(secret: str, timestamp: str, body: bytes) -> str:
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


def _verify(secret: str, call: Call, now: datetime) -> None:
    timestamp = call.headers.get(TIMESTAMP.lower(), "")
    signature = call.headers.get(SIGNATURE.lower(), "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Forged(f"{TIMESTAMP} is not a number of seconds")
    proof = _signature(secret, timestamp, call.body)
    if not hmac.compare_digest(signature.encode("utf-8", "surrogateescape"), proof.encode()):
        raise Forged(f"{SIGNATURE} does not match")
    if abs(now.timestamp() - int(timestamp)) > SKEW_S:
        raise Forged(f"{TIMESTAMP} is more than {SKEW_S} s away from now")


def _receipt(status: int) -> Receipt:
    if 200 <= status < 300:
        return Receipt()
    if status in AGAIN or status >= 500:
        raise SendFailed("failing", retry=True, detail=str(status))
    raise SendFailed("refused", retry=False, detail=str(status))


def _shape(outbound: Outbound) -> dict[str, Any]:
    file = (outbound.data or {}).get("file")
    at = outbound.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "id": outbound.key,
        "person": outbound.person,
        "conversation": outbound.conversation,
        "text": outbound.text,
        "at": at,
        **({} if file is None else {"kind": outbound.kind, "file": file}),
    }
