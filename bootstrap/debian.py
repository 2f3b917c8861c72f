"""Packages of the system: installed where we may (root on Debian), else named in one line."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from bootstrap.command import SetupFailed, run
from bootstrap.wording import Text

_APT = ("apt-get", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3")


def install(packages: Sequence[str], *, missing: Text) -> None:
    hint = by_hand(packages)
    if not may_install():
        raise SetupFailed(missing, hint=hint)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run([*_APT, "update"], hint=hint, env=env)
    run([*_APT, "install", "-y", "--no-install-recommends", *packages], hint=hint, env=env)


def may_install() -> bool:
    on_debian = Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None
    return on_debian and os.geteuid() == 0


def by_hand(packages: Sequence[str]) -> Text:
    line = f"sudo apt-get install -y --no-install-recommends {' '.join(packages)}"
    return Text(
        f"请先安装，再运行一次。Debian / Ubuntu：{line}",
        f"install it and run again. On Debian / Ubuntu: {line}",
    )
