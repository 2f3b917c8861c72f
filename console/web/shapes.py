"""The strict shapes of what a client may send; an unknown field or a wrong type is named."""

from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from console.model.refusal import Refused

MAX_TEXT = 8000
MAX_CURSORS = 2000

Id = Annotated[str, Meta(min_length=1, max_length=64)]
ClientId = Annotated[str, Meta(min_length=8, max_length=64, pattern="^[0-9A-Za-z_-]+$")]
Seq = Annotated[int, Meta(ge=0, le=2**53)]
Short = Annotated[str, Meta(max_length=200)]
# its length is for `check_texts`, which refuses it by a code of its own
Words = Annotated[str, Meta(pattern=r"\S", extra_json_schema={"maxLength": MAX_TEXT})]
Url = Annotated[str, Meta(max_length=2000, pattern="^(https?://|/)")]

S = TypeVar("S")


class Shape(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Base of all shapes."""


class Nothing(Shape):
    """An event without fields."""


class ProductOnPage(Shape):
    """What the shop's page says it sells."""

    title: Short
    id: Short = ""
    price: Short = ""
    image: Url | Literal[""] = ""
    url: Url | Literal[""] = ""


class Page(Shape):
    url: Annotated[str, Meta(max_length=2000)]
    title: Short = ""
    product: ProductOnPage | None = None


class WidgetAuth(Shape):
    inbox: Id
    visitor: Annotated[str, Meta(max_length=200)] | None = None
    identity: Annotated[str, Meta(max_length=4000)] | None = None
    page: Page | None = None


class After(Shape):
    after: Seq = 0
    epoch: Id | None = None


class Draft(Shape):
    text: str | None = None


class ReadUpTo(Shape):
    seq: Seq


class Rating(Shape):
    score: Annotated[int, Meta(ge=1, le=5)]
    tags: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=10)] = []
    comment: Annotated[str, Meta(max_length=1000)] = ""


class Leave(Shape):
    contact: Annotated[str, Meta(min_length=3, max_length=200)]
    text: Words


class DeskAuth(Shape):
    """`hears` instead of all that agents do: changes of the knowledge, what waits for its
    leads, and nothing else."""

    csrf: Annotated[str, Meta(max_length=200)]
    hears: Literal["entries"] | None = None


class Sync(Shape):
    cursors: Annotated[dict[Id, Seq], Meta(max_length=MAX_CURSORS)] = {}
    epoch: Id | None = None


class Used(Shape):
    """The suggestion an answer came from."""

    entry: Id
    edited: bool = False


class Say(Shape):
    conversation: Id
    client_id: ClientId
    text: str = ""
    private: bool = False
    suggestion: Used | None = None
    kind: Literal["text", "image", "file"] = "text"
    file: Id | None = None

    def __post_init__(self) -> None:
        if (self.file is not None) != (self.kind != "text"):
            raise ValueError("`file` comes with kind `image` or `file`, and only there")
        if self.file is None and not self.text.strip():
            raise ValueError("`text` is empty")


class Take(Shape):
    conversation: Id | None = None


class HandOver(Shape):
    conversation: Id
    to_agent: Id | None = None
    to_group: Id | None = None
    note: Annotated[str, Meta(max_length=MAX_TEXT)] | None = None


class Close(Shape):
    conversation: Id
    summary: Annotated[str, Meta(max_length=2000)] | None = None


class OfConversation(Shape):
    conversation: Id


class Available(Shape):
    state: Literal["available", "busy", "away"]
    reason: Short | None = None


class SeqOfConversation(Shape):
    conversation: Id
    seq: Seq


class Suggest(Shape):
    conversation: Id
    text: Annotated[str, Meta(min_length=1)]


class Reject(Shape):
    conversation: Id
    for_seq: Seq
    entry: Id
    undo: bool = False


class Teach(Shape):
    conversation: Id
    seq: Seq
    entry: Id
    undo: bool = False


class SignIn(Shape):
    name: Annotated[str, Meta(min_length=1, max_length=64)]
    password: Annotated[str, Meta(min_length=1, max_length=200)]


def parse(data: Any, shape: type[S]) -> S:
    """Read a frame strictly. Raises Refused `invalid` or `too_large`, naming the field."""
    try:
        read = msgspec.convert(data, shape)
    except msgspec.ValidationError as wrong:
        raise Refused("invalid", str(wrong)) from wrong
    check_texts(data)
    return read


def check_texts(frame: Any) -> None:
    """Raises Refused when a `text` is too long, or any text holds what a database cannot."""
    if not isinstance(frame, dict):
        return
    text = frame.get("text")
    if isinstance(text, str) and len(text) > MAX_TEXT:
        raise Refused(
            "too_large", f"`text` has {len(text)} characters; at most {MAX_TEXT} are allowed"
        )
    for name, value in frame.items():
        if _holds_nul(name) or _holds_nul(value):
            raise Refused("invalid", f"`{name}` holds a NUL character")


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_holds_nul(key) or _holds_nul(inner) for key, inner in value.items())
    return isinstance(value, list) and any(map(_holds_nul, value))
