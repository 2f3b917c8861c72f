"""What a channel can do, and the messages that a long text becomes there."""

from dataclasses import dataclass
from typing import Literal

from channels.seams import seam


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel can do; the console shows and offers only that.

    `live`: the desk pushes, there is no `send`. `hook`: its provider calls us, there is `receive`
    as in `Hook`. `verify`: its provider tries the hook with a GET first, as in `Verifier`. `pull`:
    what people wrote is fetched, as in `Puller`. `fetch`: files are fetched by the provider's id,
    as in `Fetcher`. `profile`: who somebody is can be asked, as in `Profiler`. `check`: the
    settings can be tried, as in `Checker`. `typing`: as in `Typist`, unless it is `live`. `window`:
    it takes messages for some time after a deed of the shopper only, as `Inbound.grant` says.
    `idempotent`: who gets a message twice shows it once, so that one of which nobody knows whether
    it arrived is simply sent again. A message holds `max_text`, counted in `unit`: characters, or
    the bytes of their UTF-8.
    """

    live: bool = False
    hook: bool = False
    verify: bool = False
    pull: bool = False
    fetch: bool = False
    profile: bool = False
    check: bool = False
    window: bool = False
    idempotent: bool = False
    typing: bool = False
    recall: bool = False
    read_state: bool = False
    max_text: int = 8000
    unit: Literal["characters", "bytes"] = "characters"

    def length_of(self, text: str) -> int:
        """In the channel's own unit."""
        return len(text) if self.unit == "characters" else len(text.encode("utf-8", "replace"))

    def parts(self, text: str) -> list[str]:
        """The messages that a text becomes, none longer than the channel takes and none blank.

        Between two of them lies the end of a line, else of a sentence, else of a clause, where
        there is one in the second half, or else the end of what is seen as one character.
        """
        found, left = [], text
        while self.length_of(left) > self.max_text:
            cut = seam(left, self._held(left))
            found.append(left[:cut].rstrip())
            left = left[cut:].lstrip()
        return [one for one in (*found, left) if one.strip()]

    def _held(self, text: str) -> int:
        """How many code points of a text fit, one at least."""
        most = text[: self.max_text]
        if self.unit == "bytes":
            cut = most.encode("utf-8", "replace")[: self.max_text]
            most = cut.decode("utf-8", "ignore")
        return max(1, len(most))
