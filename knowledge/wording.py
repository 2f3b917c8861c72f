"""Which wording of an answer is said: some are for one kind of channel, for one level of customers,
or for both."""

from collections.abc import Iterable
from typing import Protocol


class Variant(Protocol):
    """Another wording; an empty `channel` or `level` means any."""

    @property
    def channel(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def answer(self) -> str: ...


def wording(answer: str, variants: Iterable[Variant], channel: str, level: str = "") -> str:
    """The most exact wording: for this channel and level, for the channel, for the level, or else
    the answer itself. One that is blank, or for nobody in particular, is none; of two alike the
    first counts."""
    fits: dict[tuple[str, str], str] = {}
    for one in variants:
        if one.answer.strip():
            fits.setdefault((one.channel, one.level), one.answer)
    wanted = [(channel, level), (channel, ""), ("", level)]
    return next((fits[one] for one in wanted if any(one) and one in fits), answer)
