"""What a backup or a restore says on standard error while it lasts; short ones say nothing."""

import sys
import time
from dataclasses import dataclass, field

EVERY_S = 2.0


@dataclass
class Progress:
    """Tell it of every batch; it speaks every two seconds."""

    word: str
    total: int | None = None
    done: int = 0
    _said: float = field(default_factory=time.monotonic)

    def add(self, rows: int, table: str) -> None:
        self.done += rows
        now = time.monotonic()
        if now - self._said < EVERY_S:
            return
        self._said = now
        of = "" if self.total is None else f" / {self.total:,}"
        sys.stderr.write(f"{self.word}  {self.done:,}{of}  {table}\n")
        sys.stderr.flush()
