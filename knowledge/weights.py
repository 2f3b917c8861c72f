"""How much each comparison counts. Which values pay is measured by `bench match`, not guessed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares of the channels in a score; 0 leaves one out.

    `characters`, `sounds` and `words` compare phrase by phrase, `whole` the entry with its answer.
    `fuzzy` is the part of a candidate's score that is likeness of letters in order (rapidfuzz),
    the rest are those four, and `meaning` where there is an encoder.
    """

    characters: float = 1.0
    sounds: float = 1.0
    words: float = 0.3
    whole: float = 2.0
    meaning: float = 1.5
    fuzzy: float = 0.2


MEASURED = Weights()
