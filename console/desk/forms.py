"""The settings of a kind of channel as a form: its fields, and what is filled in, checked by name.

Everything comes from the adapter's `Config`: nothing here knows a channel.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import msgspec
from msgspec import inspect

from channels.base import Config
from console.model.refusal import Refused

FieldType = Literal["text", "number", "flag", "choice"]
Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Field:
    """One setting. A `secret` one is stored sealed and never shown; `least` and `most` hold for
    numbers, `longest` for texts."""

    name: str
    type: FieldType
    secret: bool
    required: bool
    default: Value | None
    least: int | None = None
    most: int | None = None
    longest: int | None = None
    choices: tuple[str, ...] = ()


def fields(config: type[Config]) -> list[Field]:
    """In the order of the form: the channel's own, then what every inbox has."""
    found = [_field(one) for one in msgspec.structs.fields(config)]
    shared = {one.name for one in msgspec.structs.fields(Config)}
    return sorted(found, key=lambda one: (one.name in shared, not one.required))


def secret_fields(config: type[Config]) -> list[str]:
    """The names of the settings that are never shown again."""
    return [one.name for one in fields(config) if one.secret]


def filled(config: type[Config], values: Mapping[str, Any]) -> Config:
    """The settings; texts are read as the numbers they say. Raises Refused that names every
    setting at fault."""
    kinds = {one.encode_name: one for one in msgspec.structs.fields(config)}
    unknown = sorted(set(values) - set(kinds))
    missing = [name for name, one in kinds.items() if one.required and name not in values]
    if unknown or missing:
        said = [f"unknown setting {_named(unknown)}"] if unknown else []
        said += [f"missing setting {_named(missing)}"] if missing else []
        raise Refused("invalid", f"{'; '.join(said)}; there are: {', '.join(sorted(kinds))}")
    wrong = [
        f"{fault} - at `$.{name}`"
        for name, value in values.items()
        if (fault := _fault(kinds[name].type, value))
    ]
    if wrong:
        raise Refused("invalid", "; ".join(wrong))
    return msgspec.convert(dict(values), config, strict=False)


def _fault(kind: Any, value: Any) -> str:
    try:
        msgspec.convert(value, kind, strict=False)
    except msgspec.ValidationError as wrong:
        return str(wrong)
    return ""


def _field(one: msgspec.structs.FieldInfo) -> Field:
    kind = inspect.type_info(one.type)
    secret = False
    if isinstance(kind, inspect.Metadata):
        secret = bool((kind.extra or {}).get("secret"))
        kind = kind.type
    default = None if one.required else one.default
    about = (one.encode_name, secret, one.required, None if secret else default)
    match kind:
        case inspect.BoolType():
            return _made("flag", *about)
        case inspect.IntType():
            return _made("number", *about, least=kind.ge, most=kind.le)
        case inspect.LiteralType():
            return _made("choice", *about, choices=get_args(one.type))
        case inspect.StrType():
            return _made("text", *about, longest=kind.max_length)
    raise TypeError(f"a setting `{one.encode_name}` of type {one.type} cannot be filled in")


def _made(
    kind: FieldType, name: str, secret: bool, required: bool, default: Any, **more: Any
) -> Field:
    return Field(name, kind, secret, required, default, **more)


def _named(keys: list[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)
