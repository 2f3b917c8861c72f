"""The environment of our own in .venv, filled from the hash-pinned locks by pip alone.

An environment that is there is kept and brought up to the lock, never thrown away. The pip of the
`build` lock goes in first, so that every machine installs with the same one. Only wheels are taken:
building from source would run code, and fetch tools, that no hash of ours covers.
"""

import importlib.util
import sys
from pathlib import Path

from bootstrap import debian
from bootstrap.command import run
from bootstrap.places import PYTHON, REQUIREMENTS, VENV
from bootstrap.steps import Stamp, Step
from bootstrap.wording import Text

PACKAGES_HINT = Text(
    "请检查网络；线路慢时把环境变量 PIP_INDEX_URL 设为就近的镜像，再运行一次。",
    "check the network; on a slow line set PIP_INDEX_URL to a mirror near you, and run again.",
)
_ENVIRONMENT_HINT = Text(
    f"请检查磁盘空间和 {VENV} 的权限，再运行一次。",
    f"check the free disk space and who owns {VENV}, and run again.",
)
_PIP_INSTALL = (
    *("-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
    *("--require-hashes", "--only-binary=:all:"),
)
_LABELS = {
    "serve": Text("安装 Python 依赖", "Python packages"),
    "test": Text("安装测试与检查工具", "tools for tests and checks"),
    "semantic": Text("安装语义模型", "the model of meaning"),
    "node": Text("本机没有 Node 20+，从 PyPI 安装", "no Node 20+ here, taking it from PyPI"),
}


def environment() -> Step:
    label = Text("创建 Python 环境 .venv", "Python environment .venv")
    return Step(label, present=_environment_is_whole, deed=_make_environment)


def lock(name: str) -> Step:
    file = REQUIREMENTS / f"{name}.txt"
    build = REQUIREMENTS / "build.txt"
    return Step(
        _LABELS[name],
        present=PYTHON.exists,
        deed=lambda: install(file, build=build),
        stamp=Stamp(VENV / ".setup" / name, files=lambda: (file, build)),
    )


def install(file: Path, *, build: Path) -> None:
    for lock_file in (build, file):
        run([PYTHON, *_PIP_INSTALL, "-r", lock_file], hint=PACKAGES_HINT)


def _environment_is_whole() -> bool:
    return PYTHON.exists() and any(VENV.glob("lib/python3*/site-packages/pip/__init__.py"))


def _make_environment() -> None:
    if not _has_ensurepip():
        debian.install(
            [f"python3.{sys.version_info.minor}-venv"],
            missing=Text(
                f"{sys.executable} 缺少 venv 的一部分（ensurepip）",
                f"{sys.executable} lacks a part of venv (ensurepip)",
            ),
        )
    if PYTHON.exists():
        run([PYTHON, "-m", "ensurepip"], hint=_ENVIRONMENT_HINT)
    else:
        run([sys.executable, "-m", "venv", "--clear", VENV], hint=_ENVIRONMENT_HINT)


def _has_ensurepip() -> bool:
    """Debian cuts it out; a folder left behind without code is found, but has no origin."""
    spec = importlib.util.find_spec("ensurepip")
    return spec is not None and spec.origin is not None
