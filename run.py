#!/usr/bin/env python3
"""The one door: sets up what is missing, then hands over to the program or to the checks.

    python3 run.py [serve] [--demo] …    set up and serve
    python3 run.py --with semantic …     the same with a model of meaning beside the words
    python3 run.py test [pytest args]    every check, or pytest alone with these arguments
    python3 run.py COMMAND …             any other command of the program, --help lists them

Needs Python 3.11 or newer and nothing else.
"""

import os
import shutil
import sys
from typing import NoReturn

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python comes this far and must be told
    for _name in ("python3.14", "python3.13", "python3.12", "python3.11"):
        _newer = shutil.which(_name)
        if _newer:
            os.execv(_newer, [_newer, *sys.argv])
    sys.exit("run.py: 需要 Python 3.11 或更新的版本 / needs Python 3.11 or newer")
if os.name == "nt":
    sys.exit("run.py: Windows 上请在 WSL 里运行 / on Windows run it inside WSL")

from bootstrap import (
    browser_programs,
    checks,
    chromium,
    debian,
    faketime,
    node,
    postgres,
    python_packages,
)
from bootstrap.command import SetupFailed
from bootstrap.places import PYTHON, ROOT, STATE
from bootstrap.steps import Step, prepare
from bootstrap.wording import Text

FOLDER_HINT = Text(
    f"请检查磁盘空间和 {ROOT} 的权限，再运行一次。",
    f"check the free disk space and who owns {ROOT}, and run again.",
)


ENCODER = "CONSOLE_ENCODER"
SEMANTIC = "semantic"


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--with"]:
        if arguments[1:2] != [SEMANTIC]:
            print(
                Text(f"--with 后面只能是 {SEMANTIC}", f"--with takes {SEMANTIC}"), file=sys.stderr
            )
            return 2
        os.environ[ENCODER] = SEMANTIC
        arguments = arguments[2:]
    command = _command(arguments)
    try:
        prepare(_steps(command, arguments[1:]), lock=STATE / "lock")
        if command == "test":
            return checks.run(arguments[1:])
    except SetupFailed as failure:
        _explain(failure)
        return 1
    except OSError as error:
        _explain(SetupFailed(str(error), hint=FOLDER_HINT))
        return 1
    except KeyboardInterrupt:
        return 130
    _become_program(arguments if arguments[:1] == [command] else [command, *arguments])


def _command(arguments: list[str]) -> str:
    """Without a command, or with options only, it is `serve`."""
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help")):
        return "serve"
    return arguments[0]


def _steps(command: str, options: list[str]) -> list[Step]:
    steps = [python_packages.environment(), python_packages.lock("serve")]
    if os.environ.get(ENCODER) == SEMANTIC:
        steps.append(python_packages.lock("semantic"))
    if command in ("test", "bench"):
        steps += [python_packages.lock("test"), *browser_programs.steps(node_wanted=True)]
    if command == "test":
        steps += [chromium.step(), postgres.step()]
    if command == "bench" and options[:1] == ["chaos"] and debian.may_install():
        steps.append(faketime.step())  # elsewhere the one fault that needs it says so
    if command in ("serve", "sandbox"):
        steps += browser_programs.steps()
    return steps


def _explain(failure: SetupFailed) -> None:
    output = failure.tail()
    if output:
        print(output, file=sys.stderr)
    print(Text(f"准备失败：{failure}", f"set-up failed: {failure}"), file=sys.stderr)
    print(Text(f"怎么办：{failure.hint}", f"what to do: {failure.hint}"), file=sys.stderr)


def _become_program(arguments: list[str]) -> NoReturn:
    """In the caller's folder, so that file names in arguments mean what they say there."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    # the load that benches make is made by Node
    known = node.find().environment() if arguments[0] == "bench" else os.environ
    environ = {**known, "PYTHONPATH": os.pathsep.join(paths)}
    os.execve(PYTHON, [str(PYTHON), "-P", "-m", "console.cli", *arguments], environ)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
