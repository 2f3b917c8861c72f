"""Channel secrets at rest: encrypted with a key derived from the installation's secret."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from console.model.refusal import Refused


class Seal:
    """Closes and opens short texts."""

    def __init__(self, secret: str) -> None:
        key = hashlib.blake2b(secret.encode(), digest_size=32, person=b"channel-secrets").digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises Refused("unavailable") when it was closed with another secret."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken as wrong:
            raise Refused(
                "unavailable", "a channel secret was stored under another CONSOLE_SECRET"
            ) from wrong
