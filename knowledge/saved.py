"""A built knowledge base as a file, so that a start loads it and does not spell every entry again.

The file holds the arrays and the pieces they number, and a mark for each entry's words; entries
themselves come from where they are kept. On loading, entries whose mark differs are put in their
places one by one; where too many differ, or the rules have changed, it is built anew. A file is
ours alone and never trusted further than its arrays: it holds no objects.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from knowledge.catalogue import Catalogue
from knowledge.channel import Block, Pieces, of_block
from knowledge.entry import Entry
from knowledge.index import PHRASE_B, WHOLE_B, Index
from knowledge.matcher import KnowledgeBase
from knowledge.vectors import Encoder, Vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Raised whenever texts are spelt or weighed in another way.
RULES = 2
MOST_CHANGED = 256

_CHANNELS = {"characters": PHRASE_B, "sounds": PHRASE_B, "words": PHRASE_B, "whole": WHOLE_B}
# neither ids nor plain texts hold it
_BETWEEN = "\x00"
_ARRAYS = ("keys", "starts", "where", "gains")


def save(kb: KnowledgeBase, file: BinaryIO) -> None:
    """Write a knowledge base without later changes, see `KnowledgeBase.unsettled`."""
    import numpy as np

    assert not kb.unsettled, "later changes are not part of the arrays"
    index, catalogue = kb.index, kb.catalogue
    arrays: dict[str, Any] = {
        "head": _bytes([_head(kb.dictionary, kb.encoder)]),
        "pieces": _bytes(index.whole.pieces),
        "ids": _bytes(entry.id for entry in catalogue.base),
        "marks": np.array([mark(entry) for entry in catalogue.base], np.uint64),
        "firsts": index.firsts,
        "hashes": catalogue.hashes,
        "owners": catalogue.owners,
    }
    for name in _CHANNELS:
        block = getattr(index, name).base
        arrays |= {f"{name}.{each}": getattr(block, each) for each in _ARRAYS}
        arrays[f"{name}.mean"] = np.array([block.size, block.mean])
    if index.vectors is not None:
        arrays["vectors"] = index.vectors.base
    np.savez(file, **arrays)


def load(
    file: BinaryIO,
    entries: Iterable[Entry],
    *,
    dictionary: Iterable[str] = (),
    synonyms: Iterable[Iterable[str]] = (),
    encoder: Encoder | None = None,
) -> KnowledgeBase | None:
    """The knowledge base of the entries as they are now; None where it has to be built anew, for a
    damaged file among other reasons."""
    import numpy as np

    kept, dictionary = {entry.id: entry for entry in entries}, tuple(dictionary)
    try:
        with np.load(file, allow_pickle=False) as arrays:
            if _texts(arrays["head"]) != [_head(dictionary, encoder)]:
                return None
            ids, marks = _texts(arrays["ids"]), arrays["marks"].tolist()
            known = dict(zip(ids, marks, strict=True))
            changed = [one for one in kept.values() if known.get(one.id) != mark(one)]
            left = [one for one in ids if one not in kept]
            if len(changed) + len(left) > MOST_CHANGED:
                return None
            stale = {entry.id for entry in changed}
            base = [kept[one] if one in kept and one not in stale else Entry(one, "", "")
                    for one in ids]  # fmt: skip
            catalogue = Catalogue.indexed(base, arrays["hashes"], arrays["owners"])
            index = _index(arrays)
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
        return None
    kb = KnowledgeBase.indexed(
        catalogue, index, dictionary=dictionary, synonyms=synonyms, encoder=encoder
    )
    for entry in changed:
        kb = kb.with_entry(entry)
    for one in left:
        kb = kb.without(one)
    return kb


def mark(entry: Entry) -> int:
    """Tells two versions of an entry apart where the index would."""
    text = "\x00".join((*entry.phrases, "\x01", entry.answer))
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "little")


def _head(dictionary: Sequence[str], encoder: Encoder | None) -> str:
    return "\x01".join((str(RULES), encoder.name if encoder else "", *dictionary))


def _index(arrays: Any) -> Index:
    import numpy as np

    pieces = Pieces(_texts(arrays["pieces"]))
    channels = {}
    for name, b in _CHANNELS.items():
        size, mean = arrays[f"{name}.mean"].tolist()
        block = Block(int(size), mean, *(arrays[f"{name}.{each}"] for each in _ARRAYS))
        channels[name] = of_block(block, pieces, b=b)
    vectors = None
    if "vectors" in arrays:
        rows = arrays["vectors"]
        vectors = Vectors(rows, rows[:0])
    return Index(arrays["firsts"], **channels, vectors=vectors, gone=np.zeros(0, np.int64))


def _bytes(texts: Iterable[str]) -> NDArray[Any]:
    import numpy as np

    joined = _BETWEEN.join(texts).encode("utf-8", "surrogatepass")
    return np.frombuffer(joined, np.uint8)


def _texts(array: NDArray[Any]) -> list[str]:
    text = array.tobytes().decode("utf-8", "surrogatepass")
    return text.split(_BETWEEN) if text else []
