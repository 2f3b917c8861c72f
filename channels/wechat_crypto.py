"""How WeChat proves that a callback is its own: SHA-1 over sorted parts, AES-256-CBC around it.

Shared by the two adapters of that family, whose envelopes are the same. The signature over the
ciphertext is checked before anything is decrypted, and whatever fails is `Forged`: somebody who
tries keys learns nothing from how it failed. The plain signature, which covers no body, is good for
the check of an address only.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

import msgspec

from channels.base import Call, Forged

SKEW_S = 300
MAX_BODY = 64 * 1024
BLOCK = 32  # the padding's; the cipher's own is 16
RANDOM = 16

CallbackToken = Annotated[str, msgspec.Meta(min_length=1, max_length=200, extra={"secret": True})]
AesKey = Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z]{43}$", extra={"secret": True})]


@dataclass(frozen=True, slots=True)
class Lock:
    """What both sides know: the token, the 43 characters of the key, and whom messages are for."""

    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    receiver: str

    @property
    def key(self) -> bytes:
        # not strict: real keys have bits behind the last whole byte
        return base64.b64decode(self.aes_key + "=")


def signature(token: str, *parts: str) -> str:
    joined = "".join(sorted((token, *parts)))
    return hashlib.sha1(joined.encode("utf-8", "surrogatepass")).hexdigest()


def check(lock: Lock, query: Mapping[str, str], name: str, now: datetime, *parts: str) -> None:
    """Raises Forged unless the query's signature of that name covers the parts, now."""
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Forged("`timestamp` is not a number of seconds")
    if not 1 <= len(nonce) <= 200:
        raise Forged("`nonce` is missing")
    proof = signature(lock.token, timestamp, nonce, *parts)
    given = query.get(name, "").encode("utf-8", "surrogatepass")
    if not hmac.compare_digest(given, proof.encode()):
        raise Forged(f"`{name}` does not match")
    if abs(now.timestamp() - int(timestamp)) > SKEW_S:
        raise Forged(f"`timestamp` is more than {SKEW_S} s away from now")


def opened(lock: Lock, call: Call, encrypt: str, now: datetime) -> str:
    """The message of a call whose ciphertext is `encrypt`. Raises Forged."""
    check(lock, call.query, "msg_signature", now, encrypt)
    return decrypted(lock, encrypt)


def decrypted(lock: Lock, encrypt: str) -> str:
    """What a ciphertext holds. Raises Forged where it is not for the lock's receiver."""
    try:
        sealed = base64.b64decode(encrypt, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise Forged("the message does not open") from wrong
    if not sealed or len(sealed) % 16:
        raise Forged("the message does not open")
    decryptor = _cipher(lock.key).decryptor()
    plain = _unpadded(decryptor.update(sealed) + decryptor.finalize())
    if len(plain) < RANDOM + 4:
        raise Forged("the message does not open")
    length = struct.unpack_from(">I", plain, RANDOM)[0]
    body = plain[RANDOM + 4 :]
    if length > len(body):
        raise Forged("the message does not open")
    if not hmac.compare_digest(body[length:], lock.receiver.encode()):
        raise Forged("the message is for another account")
    try:
        return body[:length].decode()
    except UnicodeDecodeError as wrong:
        raise Forged("the message is not UTF-8") from wrong


def encrypted(lock: Lock, text: str, *, random: bytes) -> str:
    """The ciphertext of a message; `random` are 16 bytes."""
    body = text.encode()
    plain = random + struct.pack(">I", len(body)) + body + lock.receiver.encode()
    pad = BLOCK - len(plain) % BLOCK
    encryptor = _cipher(lock.key).encryptor()
    sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def _unpadded(plain: bytes) -> bytes:
    # by hand: a library's unpadder, made for blocks of 16, refuses pads of 17 to 32
    pad = plain[-1]
    if not 1 <= pad <= min(BLOCK, len(plain)) or plain[-pad:] != bytes([pad]) * pad:
        raise Forged("the message does not open")
    return plain[:-pad]


def _cipher(key: bytes) -> Any:
    # Deferred: 7 MB and 0.1 s that a shop without WeChat never needs.
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    return Cipher(algorithms.AES256(key), modes.CBC(key[:16]))
