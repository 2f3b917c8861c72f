"""The platform's signature and encryption, from its documents (安全模式 of 公众号 and 企业微信).

A sealed message is 16 random bytes, its length in four, the message, and who it is for; padded to
32 bytes by PKCS#7 and encrypted with AES-256-CBC, whose IV is the start of the key.
"""

import base64
import binascii
import hashlib
import os

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
HEAD = 16


class Unreadable(ValueError):
    """Not something that was sealed with this key."""


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def seal(aes_key: str, message: bytes, receiver: str, *, random: bytes | None = None) -> str:
    """`random` is for vectors; a real message gets fresh bytes."""
    start = os.urandom(HEAD) if random is None else random
    plain = start + len(message).to_bytes(4, "big") + message + receiver.encode()
    pad = BLOCK - len(plain) % BLOCK
    encryptor = _cipher(aes_key).encryptor()
    sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
    return base64.b64encode(sealed).decode()


def unseal(aes_key: str, sealed: str) -> tuple[bytes, str]:
    """The message and who it is for. Raises Unreadable."""
    try:
        data = base64.b64decode(sealed, validate=True)
    except binascii.Error as wrong:
        raise Unreadable("not base64") from wrong
    if not data or len(data) % BLOCK:
        raise Unreadable("not whole blocks")
    decryptor = _cipher(aes_key).decryptor()
    plain = decryptor.update(data) + decryptor.finalize()
    pad = plain[-1]
    if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
        raise Unreadable("wrong padding")
    body = plain[HEAD:-pad]
    size = int.from_bytes(body[:4], "big")
    if len(body) < 4 or size > len(body) - 4:
        raise Unreadable("longer than what is there")
    return body[4 : 4 + size], body[4 + size :].decode(errors="replace")


def _cipher(aes_key: str) -> Cipher[modes.CBC]:
    # real keys may end in bits that say nothing, which a strict decoder refuses
    key = base64.b64decode(aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
