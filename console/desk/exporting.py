"""The shop's knowledge as a file. What is one agent's own is in none.

Files are written in a thread: suggestions go on meanwhile.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from console.desk.library import Library
from console.desk.placing import words_of
from console.model.refusal import Refused
from console.model.words import ShopId
from console.store import Store
from knowledge import Entry, formats
from knowledge.formats import FULL, qianniu, workbook
from knowledge.merge import write_back

_UTF8_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Exported:
    """A new file: the end of its name, and its media type."""

    data: bytes
    extension: str
    media: str


class Exporting:
    """Entries out of the shop."""

    def __init__(self, store: Store, library: Library) -> None:
        self._store = store
        self._library = library

    async def export(self, shop_id: ShopId, original: str | None) -> str:
        """The shelf as faq.yaml: the file that is there, edited in place, or a new one with the
        shop's words.

        Raises Refused("invalid") when the file that is there cannot be edited.
        """
        words = await self._store.read(lambda tx: words_of(tx, shop_id))
        entries = self._library.entries(shop_id)
        try:
            return await asyncio.to_thread(
                write_back, _head(words) if original is None else original, entries
            )
        except ValueError as wrong:
            raise Refused("invalid", f"the file cannot be edited: {wrong}") from wrong

    async def export_as(self, shop_id: ShopId, form: str, encoding: str | None = None) -> bytes:
        """The shelf as a new file of a format; `encoding`, `gbk` or `utf8`, is 千牛's alone.

        Raises Refused("invalid") when the format or the encoding cannot hold it.
        """
        entries = self._library.entries(shop_id)
        try:
            return await asyncio.to_thread(_file, entries, form, encoding)
        except ValueError as wrong:
            raise Refused("invalid", str(wrong)) from wrong

    async def download(self, shop_id: ShopId, form: str, encoding: str | None) -> Exported:
        """A new file of any format, for who knows nothing of ours. Refused as `export_as`."""
        if form == FULL and encoding is None:
            text = await self.export(shop_id, None)
            return Exported(text.encode(), ".yaml", "application/yaml; charset=utf-8")
        data = await self.export_as(shop_id, form, encoding)
        if form == workbook.NAME:
            sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            return Exported(data, workbook.EXTENSION, sheet)
        charset = "utf-8" if data.startswith(_UTF8_MARK) else "gbk"
        return Exported(data, ".csv", f"text/csv; charset={charset}")


def _head(words: dict[str, Any]) -> str:
    """The beginning of a new faq.yaml. JSON is YAML, whatever the words hold."""
    lines = ["version: 1", f"shop: {_quoted(words['name'])}"]
    for name in ("dictionary", "synonyms"):
        if words[name]:
            lines += [f"{name}:", *(f"  - {_quoted(one)}" for one in words[name])]
    return "\n".join([*lines, "entries:\n"])


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _file(entries: Sequence[Entry], form: str, encoding: str | None) -> bytes:
    if form == qianniu.NAME:
        return formats.encoded(qianniu.text(entries), encoding)
    if encoding is not None:
        raise ValueError(f"{form} has one encoding only")
    for one in formats.FORMATS:
        if one.NAME == form:
            return one.write(entries)
    raise ValueError(f"there is no format {form}")
