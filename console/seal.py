"""Channel secrets at rest: encrypted with a key derived from the installation's secret."""

import base64
import hashlib
from functools import cached_property
from typing import Any

from console.model.refusal import Refused


class Seal:
    """Closes and opens short texts."""

    def __init__(self, secret: str) -> None:
        key = hashlib.blake2b(secret.encode(), digest_size=32, person=b"channel-secrets").digest()
        self._key = base64.urlsafe_b64encode(key)

    @cached_property
    def _fernet(self) -> Any:
        # Deferred: 7 MB and 0.1 s that a shop without channel secrets never needs.
        from cryptography.fernet import Fernet

        return Fernet(self._key)

    def close(self, text: str) -> str:
        sealed: bytes = self._fernet.encrypt(text.encode())
        return sealed.decode()

    def open(self, sealed: str) -> str:
        """Raises Refused("unavailable") when it was closed with another secret."""
        # Deferred with the class above.
        from cryptography.fernet import InvalidToken

        try:
            text: bytes = self._fernet.decrypt(sealed.encode())
        except InvalidToken as wrong:
            raise Refused(
                "unavailable", "a channel secret was stored under another CONSOLE_SECRET"
            ) from wrong
        return text.decode()
