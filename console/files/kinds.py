"""Which files are taken: the first bytes decide, and the name must say the same."""

import re
from dataclasses import dataclass

from console.model.refusal import Refused

HEAD = 1024
LONGEST_NAME = 120

JPEG, PNG, GIF, WEBP = "image/jpeg", "image/png", "image/gif", "image/webp"
PICTURE_ENDS = frozenset({"jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp"})
ENDS = {JPEG: "jpg", PNG: "png", GIF: "gif", WEBP: "webp"}

_OFFICE = "application/vnd.openxmlformats-officedocument."
_ZIPPED = ((0, b"PK\x03\x04"), (0, b"PK\x05\x06"))
_TEXT = "text/plain"
# by the end of the name: the type, and the bytes of which one must stand at its place
_OTHERS: dict[str, tuple[str, tuple[tuple[int, bytes], ...]]] = {
    "pdf": ("application/pdf", ((0, b"%PDF-"),)),
    "docx": (f"{_OFFICE}wordprocessingml.document", _ZIPPED),
    "xlsx": (f"{_OFFICE}spreadsheetml.sheet", _ZIPPED),
    "zip": ("application/zip", _ZIPPED),
    "mp3": (
        "audio/mpeg",
        tuple((0, one) for one in (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    ),
    "mp4": ("video/mp4", ((4, b"ftyp"),)),
    "amr": ("audio/amr", ((0, b"#!AMR"),)),
    "txt": (_TEXT, ()),
}
_MARKUP = re.compile(rb"\s*(\xef\xbb\xbf)?\s*<(!doctype|!--|\?xml|html|head|body|svg|script)", re.I)
# control characters, and those that turn the direction of reading to hide how a name ends
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2028\u2029\u2060-\u2069\ufeff]"
)


@dataclass(frozen=True, slots=True)
class Sort:
    """What a file is. A picture's `type` is that of its bytes."""

    type: str
    picture: bool


def sort_of(name: str, head: bytes) -> Sort:
    """Raises Refused("invalid") for what is not taken, or is not what its name says."""
    _, dot, end = name.rpartition(".")
    end = end.lower() if dot else ""
    seen = _picture(head)
    if not head:
        raise Refused("invalid", "the file is empty")
    if end in PICTURE_ENDS or (not end and seen):
        if seen is None:
            raise Refused("invalid", f"{name!r} is named like a picture and is none")
        return Sort(seen, picture=True)
    if end not in _OTHERS:
        known = ", ".join([*sorted(ENDS.values()), *sorted(_OTHERS)])
        raise Refused("invalid", f"files of this kind are not taken; taken are: {known}")
    kind, marks = _OTHERS[end]
    fits = any(head.startswith(mark, place) for place, mark in marks)
    if not fits and not (kind == _TEXT and _is_text(head)):
        raise Refused("invalid", f"{name!r} is not what its name says")
    return Sort(kind, picture=False)


def clean(name: str) -> str:
    """A name to show and to save under: no folders, nothing unseen, of bearable length."""
    last = _UNSEEN.sub("", name).replace("\\", "/").rpartition("/")[2].strip(" .")
    stem, dot, end = last.rpartition(".")
    if not dot or len(end) > 8:
        return last[:LONGEST_NAME]
    return f"{stem.strip()[: LONGEST_NAME - len(end) - 1] or 'file'}.{end}"


def picture_name(name: str, kind: str) -> str:
    """The name ends as what the picture is."""
    stem, dot, end = name.rpartition(".")
    known = bool(dot) and end.lower() in PICTURE_ENDS
    return f"{(stem if known else name) or 'picture'}.{ENDS[kind]}"


def _picture(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    return WEBP if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


def _is_text(head: bytes) -> bool:
    """In any encoding of one to four bytes without NUL; nothing a browser could take for a page."""
    return b"\x00" not in head and _MARKUP.match(head) is None and _picture(head) is None
