"""The widget and the console, built from static/ into static/dist by npm packages and esbuild.

No package runs a script while it is installed: esbuild's binary comes as an optional dependency of
its own for each platform.
"""

import os
import platform
from collections.abc import Iterator
from pathlib import Path

from bootstrap import node, python_packages
from bootstrap.command import run
from bootstrap.places import STATE, STATIC
from bootstrap.steps import Stamp, Step
from bootstrap.wording import Text

MODULES_HINT = Text(
    "请检查网络；线路慢时用 npm config set registry 换成就近的镜像，再运行一次。",
    "check the network; on a slow line point npm's `registry` setting to a mirror near you.",
)
BUILD_HINT = Text(
    "错误在 static/ 里：改好上面指出的文件，再运行一次。",
    "the fault is in static/: mend the file named above and run again.",
)
_MODULES = STATIC / "node_modules"
_MADE = (_MODULES.name, "dist")


def steps(*, node_wanted: bool = False) -> list[Step]:
    """`node_wanted`: a Node is needed even when there is nothing left to build."""
    made = [_modules(), _programs()]
    from_registry = python_packages.lock("node")

    def node_is_there() -> bool:
        nothing_to_build = not node_wanted and all(step.done() for step in made)
        return nothing_to_build or node.of_machine() is not None or from_registry.done()

    supply = Step(from_registry.label, present=node_is_there, deed=from_registry.carry_out)
    return [supply, *made]


def install_modules(with_node: node.Node, *, static: Path = STATIC) -> None:
    command = [*with_node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    run(command, hint=MODULES_HINT, cwd=static, env=with_node.environment())


def build(with_node: node.Node, *, static: Path = STATIC) -> None:
    run([with_node.program, "build.mjs"], hint=BUILD_HINT, cwd=static, env=with_node.environment())


def _modules() -> Step:
    files = [STATIC / name for name in ("package.json", "package-lock.json", ".npmrc")]
    return Step(
        Text("安装前端依赖", "packages of the browser programs"),
        present=_MODULES.is_dir,
        deed=lambda: install_modules(node.find()),
        stamp=Stamp(
            _MODULES / ".setup",
            files=lambda: files,
            facts=(platform.system(), platform.machine(), "".join(platform.libc_ver())),
        ),
    )


def _programs() -> Step:
    return Step(
        Text("构建网页程序", "building the browser programs"),
        present=(STATIC / "dist" / "manifest.json").is_file,
        deed=lambda: build(node.find()),
        stamp=Stamp(STATE / "browser_programs", files=_sources),
    )


def _sources() -> Iterator[Path]:
    for folder, folders, files in os.walk(STATIC):
        if Path(folder) == STATIC:
            folders[:] = [name for name in folders if name not in _MADE]
        yield from (Path(folder, name) for name in files)
