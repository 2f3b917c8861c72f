"""Runs the decoder: two at a time, each with its own limits and an end (T14)."""

import asyncio
import json
import logging
import sys
from dataclasses import dataclass
from pathlib import Path

from console.model.refusal import Refused

log = logging.getLogger(__name__)

WITHIN_S = 30.0
AT_ONCE = 2
# the exit code for what is no picture, as decoder.py says; it is not imported, to keep Pillow out
BROKEN = 3
_PROGRAM = str(Path(__file__).with_name("decoder.py"))


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture written anew; `small` says whether there is a smaller one beside it."""

    type: str
    width: int
    height: int
    small: bool


class Decoding:
    """Waits its turn; what is waiting is bounded by whoever calls."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)

    async def write_anew(self, given: Path, content: Path, small: Path) -> Picture:
        """Raises Refused: `invalid` for what is no whole picture, `too_large` for what takes too
        much to decode. `small` is not written where the picture is small itself, or moves."""
        async with self._places:
            code, said = await _run(str(given), str(content), str(small))
        if code == 0:
            told = json.loads(said)
            return Picture(told["type"], told["width"], told["height"], told.get("small", False))
        if code == BROKEN:
            raise Refused("invalid", json.loads(said)["why"])
        try:
            why = str(json.loads(said)["why"])
        except ValueError:  # ended by a limit, in the middle of the work
            log.info("a picture was too much for the decoder, which ended with %s", code)
            why = "the picture takes too long to decode"
        raise Refused("too_large", why)


async def _run(*arguments: str) -> tuple[int | None, bytes]:
    """The exit code, None where it took too long, and what was said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", _PROGRAM, *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},  # our secrets are none of its business
    )  # fmt: skip
    try:
        async with asyncio.timeout(WITHIN_S):
            said, _ = await process.communicate()
        return process.returncode, said
    except TimeoutError:
        return None, b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
