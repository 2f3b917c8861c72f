"""libfaketime, with which a fault run gives one server another clock than the machine's."""

from pathlib import Path

from bootstrap import debian
from bootstrap.steps import Step
from bootstrap.wording import Text


def step() -> Step:
    return Step(
        Text("安装故障演练用的 libfaketime", "libfaketime for the fault runs"),
        present=lambda: library() is not None,
        deed=_install,
    )


def library() -> Path | None:
    """The library to preload, for programs with threads."""
    places = (Path("/usr/lib"), Path("/usr/lib64"), Path("/usr/local/lib"))
    found = (
        path
        for place in places
        for pattern in ("faketime", "*/faketime")
        for path in sorted(place.glob(f"{pattern}/libfaketimeMT.so*"))
    )
    return next(found, None)


def _install() -> None:
    missing = Text(
        "时钟跳变的演练需要 libfaketime", "the fault run of jumping clocks needs libfaketime"
    )
    debian.install(["libfaketime"], missing=missing)
