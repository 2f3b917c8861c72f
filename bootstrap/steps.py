"""A step, the stamp that lets it be skipped, and the lock under which steps are carried out."""

import fcntl
import hashlib
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bootstrap.command import SetupFailed
from bootstrap.wording import Text

WAITING = Text("另一个 run.py 正在准备，稍候…", "another run.py is setting up, waiting …")


_START_OVER = Text(
    "请删除 .venv 与 .setup 两个目录，再运行一次；若仍如此，请把本页输出发给我们。",
    "delete the folders .venv and .setup and run again; if it stays so, send us this output.",
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Vouches, from inside what was made, that it was made from these files and facts."""

    path: Path
    files: Callable[[], Iterable[Path]]
    facts: Sequence[str] = ()

    def matches(self) -> bool:
        return self.path.is_file() and self.path.read_text() == self.key()

    def key(self) -> str:
        digest = hashlib.sha256("\0".join(self.facts).encode())
        for file in sorted(self.files()):
            digest.update(f"\0{file}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Step:
    label: Text
    present: Callable[[], bool]
    deed: Callable[[], None]
    stamp: Stamp | None = None

    def done(self) -> bool:
        return self.present() and (self.stamp is None or self.stamp.matches())

    def carry_out(self) -> None:
        if self.stamp is None:
            self.deed()
            return
        key = self.stamp.key()
        self.stamp.path.unlink(missing_ok=True)
        self.deed()
        self.stamp.path.parent.mkdir(parents=True, exist_ok=True)
        self.stamp.path.write_text(key)


def prepare(steps: Sequence[Step], *, lock: Path) -> None:
    """Carry out what is not done, in order; a start with everything done takes no lock."""
    if all(step.done() for step in steps):
        return
    with _alone(lock):
        for step in steps:
            if not step.done():
                _carry_out_aloud(step)


def _carry_out_aloud(step: Step) -> None:
    begun = time.monotonic()
    print(f"{step.label} …", end="", file=sys.stderr, flush=True)
    try:
        step.carry_out()
        if not step.present():
            raise SetupFailed(_without_result(step), hint=_START_OVER)
    except BaseException:
        print(file=sys.stderr)
        raise
    print(f" {time.monotonic() - begun:.1f} s", file=sys.stderr, flush=True)


def _without_result(step: Step) -> Text:
    return Text(
        f"“{step.label.zh}”做完了，却没有得到应有的东西",
        f"“{step.label.en}” went through but left nothing behind",
    )


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(WAITING, file=sys.stderr, flush=True)
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
