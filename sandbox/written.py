"""How a callback's message is written: XML with CDATA, or JSON; and a reply read back."""

import json
import re
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NotReadable(ValueError):
    """Neither XML nor JSON of the documented form."""


def xml(fields: dict[str, Any]) -> str:
    return f"<xml>{_inside(fields)}</xml>"


def plain_json(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> dict[str, Any]:
    """Raises NotReadable."""
    try:
        if text.lstrip().startswith("{"):
            value = json.loads(text)
            if isinstance(value, dict):
                return value
            raise NotReadable("no object")
        if "<!" in text.replace("<![CDATA[", ""):
            raise NotReadable("a declaration, with which entities could come")
        root = fromstring(text)
    except (json.JSONDecodeError, ParseError) as wrong:
        raise NotReadable(str(wrong)) from wrong
    if root.tag != "xml":
        raise NotReadable(f"<{root.tag}> where <xml> is due")
    return {one.tag: _value(one) for one in root}


def _value(element: Element) -> Any:
    if not len(element):
        return element.text or ""
    if all(one.tag == "item" for one in element):
        return [_value(one) for one in element]
    return {one.tag: _value(one) for one in element}


def _inside(fields: dict[str, Any]) -> str:
    return "".join(f"<{name}>{_text(value)}</{name}>" for name, value in fields.items())


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return _inside(value)
    if isinstance(value, list):
        return "".join(f"<item>{_text(one)}</item>" for one in value)
    if isinstance(value, int | float):
        return str(value)
    safe = NOT_XML.sub("", str(value)).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{safe}]]>"
