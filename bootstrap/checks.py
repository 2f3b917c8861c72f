"""`run.py test`: every check runs, whatever the one before it said; a summary names the failed."""

import os
import subprocess
from collections.abc import Sequence
from typing import NamedTuple

from bootstrap import chromium, node, postgres
from bootstrap.places import PYTHON, ROOT, STATIC
from bootstrap.wording import Text

# a file at a time, so that what a file's tests share is started once
SHARED_OUT = ("-n", "logical", "--maxprocesses", "4", "--dist", "loadfile")


class Check(NamedTuple):
    name: str
    command: tuple[str, ...]


def run(pytest_arguments: Sequence[str]) -> int:
    """With arguments only pytest runs, and gets them as they are. Without, files of tests are
    shared out among the cores: most of their time is waiting for what they started."""
    tests = Check("pytest", (str(PYTHON), "-m", "pytest", *(pytest_arguments or SHARED_OUT)))
    checks = [tests] if pytest_arguments else [*_of_the_code(), tests]
    failed = [check.name for check in checks if not _passes(check)]
    print(_summary(failed, of=len(checks)), flush=True)
    return 1 if failed else 0


def _of_the_code() -> list[Check]:
    python = str(PYTHON)
    tsc = str(STATIC / "node_modules" / "typescript" / "bin" / "tsc")
    return [
        Check("ruff check", (python, "-m", "ruff", "check", ".")),
        Check("ruff format", (python, "-m", "ruff", "format", "--check", ".")),
        Check("mypy", (python, "-m", "mypy", ".")),
        Check("tsc", (str(node.find().program), tsc, "--noEmit", "-p", str(STATIC))),
    ]


def _passes(check: Check) -> bool:
    print(f"== {check.name}", flush=True)
    return subprocess.run(check.command, cwd=ROOT, env=_environment(), check=False).returncode == 0


def _environment() -> dict[str, str]:
    environ = {**node.find().environment(), "PYTHONPATH": str(ROOT)}
    browser, database = chromium.find(), postgres.programs()
    if browser:
        environ["CHROMIUM"] = str(browser)
    if database:
        environ["PATH"] = f"{environ['PATH']}{os.pathsep}{database}"
    return environ


def _summary(failed: Sequence[str], *, of: int) -> str:
    if not failed:
        return str(Text(f"== {of} 项检查全部通过", f"== {of} of {of} checks passed"))
    names = ", ".join(failed)
    return str(Text(f"== 未通过：{names}", f"== failed: {names}"))
