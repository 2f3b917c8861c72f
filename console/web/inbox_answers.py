"""The shapes of what is answered about channel accounts and their settings."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from console.desk.forms import FieldType, Value


class InboxSettings(Struct):
    """A channel account. `secrets` says of each secret setting only whether it is set."""

    id: str
    key: str
    kind: str
    name: str
    config: dict[str, Value]
    secrets: dict[str, bool]
    disabled: bool
    hook: str | UnsetType = UNSET


class InboxField(Struct):
    """A setting of a kind of channel; `default` is null for what is required, or secret."""

    name: str
    type: FieldType
    secret: bool
    required: bool
    default: Value | None
    min: int | UnsetType = UNSET
    max: int | UnsetType = UNSET
    max_length: int | UnsetType = UNSET
    choices: list[str] | UnsetType = UNSET


class InboxKind(Struct):
    """A kind of channel, with its form; `check`: its settings can be tried at the provider."""

    kind: str
    check: bool
    fields: list[InboxField]


class InboxList(Struct):
    """The shop's, in the order in which they came, and the kinds that there are."""

    items: list[InboxSettings]
    kinds: list[InboxKind]


class InboxFinding(Struct):
    """A sentence in the language of who asks."""

    level: Literal["ok", "warning", "error"]
    message: str


class InboxChecked(Struct):
    """`ok`: none of the findings is an error."""

    ok: bool
    findings: list[InboxFinding]
