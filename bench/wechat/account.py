"""An official account seen from WeChat: its keys, and callbacks sealed as the documents say."""

import secrets
import time
from dataclasses import dataclass, field

from sandbox import secure

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))


@dataclass(frozen=True)
class Keys:
    """What both sides know."""

    app_id: str = field(default_factory=lambda: f"wx{secrets.token_hex(8)}")
    secret: str = field(default_factory=lambda: secrets.token_hex(16))
    token: str = field(default_factory=lambda: _letters(24))
    aes_key: str = field(default_factory=lambda: _letters(42) + "A")


@dataclass(frozen=True, slots=True)
class Callback:
    """One sealed request; each time it is sealed anew, as when WeChat sends it again."""

    query: dict[str, str]
    body: bytes


def sealed(keys: Keys, *, person: str, number: int, text: str) -> Callback:
    """A text message of somebody, under WeChat's number for it."""
    now = str(int(time.time()))
    plain = (
        f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[{person}]]>"
        f"</FromUserName><CreateTime>{now}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{text}]]></Content><MsgId>{number}</MsgId></xml>"
    )
    cipher = secure.seal(keys.aes_key, plain.encode(), keys.app_id)
    nonce = secrets.token_hex(8)
    query = {
        "signature": secure.signature(keys.token, now, nonce), "timestamp": now, "nonce": nonce,
        "encrypt_type": "aes",
        "msg_signature": secure.signature(keys.token, now, nonce, cipher),
    }  # fmt: skip
    head = "<xml><ToUserName><![CDATA[gh_1]]></ToUserName>"
    return Callback(query, f"{head}<Encrypt><![CDATA[{cipher}]]></Encrypt></xml>".encode())
