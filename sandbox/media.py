"""Files on the platform's side: kept three days, of the documented types and sizes."""

import secrets
from dataclasses import dataclass

from sandbox.accounts import Kind
from sandbox.clock import Clock
from sandbox.refusals import Refusal

KEPT_S = 3 * 86_400
MB = 1024 * 1024
TYPES: dict[Kind, dict[str, int]] = {
    Kind.OFFICIAL: {"image": 10 * MB, "voice": 2 * MB, "video": 10 * MB, "thumb": 64 * 1024},
    Kind.MINI: {"image": 10 * MB},
    Kind.KF: {"image": 10 * MB, "voice": 2 * MB, "video": 10 * MB, "file": 20 * MB},
}
PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
VOICES = {b"#!AMR": "audio/amr", b"ID3": "audio/mpeg", b"\xff\xfb": "audio/mpeg"}
AMR_FRAME = b"\x3c" + bytes(31)


@dataclass(frozen=True, slots=True)
class File:
    id: str
    type: str
    name: str
    mime: str
    data: bytes
    at: float


class Media:
    """Files of both sides, by their media_id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._files: dict[str, File] = {}

    def upload(self, kind: Kind, type_: str, name: str, data: bytes) -> File:
        """The shop's. Raises Refusal for a type, a size or a content that is not taken."""
        if type_ not in TYPES[kind]:
            raise Refusal(40004, type_)
        if not data:
            raise Refusal(44001)
        if len(data) > TYPES[kind][type_]:
            raise Refusal(45001)
        mime = _mime(type_, data)
        if mime is None or (kind is Kind.KF and type_ == "voice" and mime != "audio/amr"):
            raise Refusal(40005, f"not {type_}")
        return self._keep(type_, name, mime, data)

    def of_shopper(self, type_: str, name: str, data: bytes) -> File:
        mime = _mime(type_, data) or "application/octet-stream"
        return self._keep(type_, name, mime, data)

    def find(self, media_id: str, types: tuple[str, ...] = ()) -> File:
        """Raises Refusal(40007): unknown, of another type, or older than three days."""
        file = self._files.get(media_id)
        if file is None or (types and file.type not in types):
            raise Refusal(40007)
        if self._clock.now() - file.at > KEPT_S:
            raise Refusal(40007, "expired")
        return file

    def get(self, media_id: str) -> File | None:
        """For the phone, which keeps what it has shown."""
        return self._files.get(media_id)

    def _keep(self, type_: str, name: str, mime: str, data: bytes) -> File:
        file = File(secrets.token_urlsafe(48), type_, name, mime, data, self._clock.now())
        self._files[file.id] = file
        return file


def silence(seconds: int) -> bytes:
    """A voice message in which nothing is said: 50 frames a second."""
    return b"#!AMR\n" + AMR_FRAME * 50 * seconds


def _mime(type_: str, data: bytes) -> str | None:
    """What it is by its first bytes, if that is something of the type."""
    if type_ == "thumb":
        return "image/jpeg" if data.startswith(b"\xff\xd8\xff") else None
    if type_ == "video":
        return "video/mp4" if data[4:8] == b"ftyp" else None
    if type_ == "file":
        return "application/octet-stream" if len(data) >= 5 else None
    known = {"image": PICTURES, "voice": VOICES}[type_]
    return next((mime for start, mime in known.items() if data.startswith(start)), None)
