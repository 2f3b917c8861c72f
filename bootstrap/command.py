"""Running another program in silence, and saying well what went wrong when it fails."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from bootstrap.places import ROOT
from bootstrap.wording import Text

LINES_SHOWN = 15


class SetupFailed(Exception):
    """A step could not be carried out; `hint` says what the person at the terminal can do."""

    def __init__(self, what: Text | str, *, hint: Text, output: str = "") -> None:
        super().__init__(str(what))
        self.hint = hint
        self.output = output

    def tail(self) -> str:
        return "\n".join(self.output.rstrip().splitlines()[-LINES_SHOWN:])


def run(
    command: Sequence[str | Path],
    *,
    hint: Text,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> str:
    """The program's output, both streams as one; anything but exit 0 is a `SetupFailed`."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise SetupFailed(f"{words[0]}: {error.strerror}", hint=hint) from error
    if done.returncode:
        shown = " ".join(words).replace(f"{ROOT}/", "")
        ended = Text(f"{shown}：退出码 {done.returncode}", f"{shown}: exit code {done.returncode}")
        raise SetupFailed(ended, hint=hint, output=done.stdout)
    return done.stdout
