"""The browser that the tests drive: $CHROMIUM, else the machine's, else Debian's."""

import os
import shutil
import subprocess
from pathlib import Path

from bootstrap import debian
from bootstrap.command import SetupFailed
from bootstrap.steps import Step
from bootstrap.wording import Text

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PACKAGES = ("chromium", "fonts-wqy-microhei", "fontconfig")


def step() -> Step:
    return Step(
        Text("安装测试用的 Chromium 与中文字体", "Chromium and a Chinese font for the tests"),
        present=lambda: find() is not None and has_chinese_font(),
        deed=_install,
    )


def find() -> Path | None:
    named = os.environ.get("CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, _NAMES)), None)
    return Path(found) if found else None


def has_chinese_font() -> bool:
    """Without one Chinese text is drawn as boxes: a page would be tested that nobody sees."""
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    listed = subprocess.run([lister, ":lang=zh"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def _install() -> None:
    named = os.environ.get("CHROMIUM")
    if named and find() is None:
        nowhere = Text(
            f"CHROMIUM 指向的 {named} 不存在", f"there is no {named}, which CHROMIUM names"
        )
        hint = Text("请改正或取消这个环境变量。", "correct or unset that variable.")
        raise SetupFailed(nowhere, hint=hint)
    missing = Text(
        "网页测试需要 Chromium 和一种中文字体（也可用环境变量 CHROMIUM 指明浏览器）",
        "the browser tests need Chromium (or $CHROMIUM naming one) and a Chinese font",
    )
    debian.install(_PACKAGES, missing=missing)
