"""Which language the terminal is spoken to in: Chinese where the locale says so, else English."""

import os
from collections.abc import Mapping
from typing import NamedTuple


class Text(NamedTuple):
    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if speaks_chinese(os.environ) else self.en


def speaks_chinese(environ: Mapping[str, str]) -> bool:
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((environ[name] for name in names if environ.get(name)), "")
    return chosen.lower().startswith("zh")
