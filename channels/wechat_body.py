"""The bodies of WeChat's callbacks, XML or JSON, as plain values; hostile ones are `BadBody`.

Which of the two it is says the first sign, not the content type. Nothing is resolved or fetched: a
body with a DOCTYPE or an entity is refused before it is read.
"""

import re
from hashlib import blake2b
from typing import Any
from xml.etree.ElementTree import Element, ParseError

import msgspec
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

DEEPEST = 12
_PLAIN_KEY = re.compile("[0-9A-Za-z_-]{1,64}")
_ENCODING = re.compile(r"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]*)["']""")

Fields = dict[str, Any]


class BadBody(Exception):
    """What was read is no body of a callback."""


def read(body: bytes | str) -> Fields:
    """The fields of a body; values are texts, or fields again, or lists. Raises BadBody."""
    try:
        text = body if isinstance(body, str) else body.decode()
    except UnicodeDecodeError as wrong:
        raise BadBody("the body is not UTF-8") from wrong
    text = text.removeprefix("\ufeff").lstrip()
    if text.startswith("{"):
        return _json(text)
    if text.startswith("<"):
        return _xml(text)
    raise BadBody("the body is neither XML nor JSON")


def text_of(fields: Fields, name: str, *, whole: bool = False) -> str:
    """A field as text, without the blanks around it unless `whole`; empty where it is missing or
    holds fields. NUL, which no database takes, is left out."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, int) and abs(value) >= 1 << 64:
        raise BadBody(f"`{name}` is too large a number")
    text = str(value).replace("\0", "")
    return text if whole else text.strip()


def fields_of(fields: Fields, name: str) -> Fields:
    """What a field holds; nothing where it is missing or a text."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def key_of(message_id: str) -> str:
    """A provider's id as a key that any table takes: as it is, or a digest of it."""
    if _PLAIN_KEY.fullmatch(message_id):
        return message_id
    return "e" + blake2b(message_id.encode(), digest_size=16).hexdigest()


def _json(text: str) -> Fields:
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, ValueError) as wrong:
        raise BadBody("the body is not JSON") from wrong
    if not isinstance(value, dict):
        raise BadBody("the body is no JSON object")
    return value


def _xml(text: str) -> Fields:
    declared = _ENCODING.match(text[:200])
    if declared and declared[1].lower() not in ("utf-8", "utf8"):
        raise BadBody("the body is declared in another encoding than UTF-8")
    try:
        root = fromstring(text, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as wrong:
        raise BadBody("the body is not XML, or has a DOCTYPE") from wrong
    if root.tag != "xml":
        raise BadBody("the body's outermost element is not `xml`")
    return _children(root, 1)


def _children(element: Element, depth: int) -> Fields:
    if depth > DEEPEST:
        raise BadBody("the body's elements are nested too deep")
    found: Fields = {}
    for child in element:
        value: Any = _children(child, depth + 1) if len(child) else child.text or ""
        if child.tag not in found:
            found[child.tag] = value
        elif isinstance(found[child.tag], list):
            found[child.tag].append(value)
        else:
            found[child.tag] = [found[child.tag], value]
    return found
