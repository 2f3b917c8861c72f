"""Meaning as vectors: what an encoder must do, and how close phrasings are to a message.

The package is complete without an encoder; a shop may bring any model that turns texts into
vectors. Vectors have length 1, so that their product is the cosine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROWS = 4096


class Encoder(Protocol):
    """Turns texts into vectors. One thread asks at a time."""

    @property
    def name(self) -> str:
        """The model and its version: vectors of another name are made anew."""

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        """One row of length 1 for each text, all of the same width; zeros for an empty one."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """A vector for each phrasing: those of the base, then the late ones. Kept in two bytes a
    number, a tenth of a percent off; a hundred thousand phrasings of 512 take 100 MiB."""

    base: NDArray[Any]
    late: NDArray[Any]

    @classmethod
    def of(cls, encoder: Encoder, phrases: Sequence[str]) -> Vectors:
        rows = encoded(encoder, phrases)
        return cls(rows, rows[:0])

    def changed(self, late: NDArray[Any]) -> Vectors:
        return Vectors(self.base, late)

    def likeness(self, asked: NDArray[Any]) -> NDArray[Any]:
        """The cosine of each phrasing with the asked vector, from 0 to 1."""
        import numpy as np

        found = [
            rows[start : start + _ROWS].astype(np.float32) @ asked
            for rows in (self.base, self.late)
            for start in range(0, len(rows), _ROWS)
        ]
        return np.clip(np.concatenate(found), 0, 1) if found else np.zeros(0, np.float32)


def encoded(encoder: Encoder, phrases: Sequence[str]) -> NDArray[Any]:
    import numpy as np

    return np.asarray(encoder.encode(phrases), np.float32).astype(np.float16)
