"""`run.py test`: every check runs, whatever the one before it said; a summary names the failed."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bootstrap import chromium, node, postgres
from bootstrap.places import PYTHON, ROOT, STATIC
from bootstrap.wording import Text

# a file at a time, so that what a file's tests share is started once
SHARED_OUT = ("-n", "logical", "--maxprocesses", "4", "--dist", "loadfile")
# pytest's code for tests that failed, and nothing worse
SOME_FAILED = 1
LAST_FAILED = ".pytest_cache/v/cache/lastfailed"
SCREENS = "tests/browser/"


class Check(NamedTuple):
    name: str
    command: tuple[str, ...]


def run(pytest_arguments: Sequence[str]) -> int:
    """With arguments only pytest runs, and gets them as they are."""
    tests = Check("pytest", (str(PYTHON), "-m", "pytest", *pytest_arguments))
    checks = [tests] if pytest_arguments else _of_the_code()
    failed = [check.name for check in checks if _code(check)]
    if not pytest_arguments and not _tests_pass():
        failed.append(tests.name)
    print(_summary(failed, of=len(checks) + (not pytest_arguments)), flush=True)
    return 1 if failed else 0


def _tests_pass(cwd: Path = ROOT) -> bool:
    """Files of tests are shared out among the cores: most of their time is waiting for what they
    started. A screen that a busy machine drew too late is told, and tried once more alone. Nothing
    else is asked twice: what was lost once is lost."""
    pytest = (str(PYTHON), "-m", "pytest")
    code = _code(Check("pytest", (*pytest, *SHARED_OUT)), cwd)
    if code != SOME_FAILED:
        return code == 0
    failed = json.loads((cwd / LAST_FAILED).read_text("utf-8"))
    if not all(one.startswith(SCREENS) for one in failed):
        return False
    alone = ("--last-failed", "--last-failed-no-failures", "none")
    return _code(Check("pytest, alone", (*pytest, *alone)), cwd) == 0


def _of_the_code() -> list[Check]:
    python = str(PYTHON)
    tsc = str(STATIC / "node_modules" / "typescript" / "bin" / "tsc")
    return [
        Check("ruff check", (python, "-m", "ruff", "check", ".")),
        Check("ruff format", (python, "-m", "ruff", "format", "--check", ".")),
        Check("mypy", (python, "-m", "mypy", ".")),
        Check("tsc", (str(node.find().program), tsc, "--noEmit", "-p", str(STATIC))),
    ]


def _code(check: Check, cwd: Path = ROOT) -> int:
    print(f"== {check.name}", flush=True)
    return subprocess.run(check.command, cwd=cwd, env=_environment(), check=False).returncode


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
