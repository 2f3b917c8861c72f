"""PostgreSQL's own programs, for the tests that start a server of theirs in a temporary folder."""

import shutil
from pathlib import Path

from bootstrap import debian
from bootstrap.steps import Step
from bootstrap.wording import Text

_PROGRAMS = ("initdb", "postgres", "createdb", "dropdb")
_CLUSTER_SETTINGS = Path("/etc/postgresql-common/createcluster.conf")


def step() -> Step:
    return Step(
        Text("安装测试用的 PostgreSQL", "PostgreSQL for the tests"),
        present=lambda: programs() is not None,
        deed=_install,
    )


def programs() -> Path | None:
    """The folder with all of them; Debian keeps it off the PATH, the newest version wins."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent, Path(on_path).resolve().parent] if on_path else []
    installed = Path("/usr/lib/postgresql").glob("[1-9]*/bin")
    folders += sorted(installed, key=lambda folder: float(folder.parent.name), reverse=True)
    return next((folder for folder in folders if _is_whole(folder)), None)


def _is_whole(folder: Path) -> bool:
    return all((folder / name).is_file() for name in _PROGRAMS)


def _install() -> None:
    if debian.may_install() and not _CLUSTER_SETTINGS.exists():
        # read by the package while it is installed: no server of the system's own is wanted
        _CLUSTER_SETTINGS.parent.mkdir(parents=True, exist_ok=True)
        _CLUSTER_SETTINGS.write_text("create_main_cluster = false\n")
    missing = Text(
        "数据库测试需要 PostgreSQL 的程序", "the database tests need PostgreSQL's programs"
    )
    debian.install(["postgresql"], missing=missing)
