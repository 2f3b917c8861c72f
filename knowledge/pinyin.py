"""Sounds: the fuzzy syllable of a character, Latin runs cut into syllables, initials.

Hides where the readings come from (pypinyin's table of single characters) and which sounds
shoppers confuse (z/zh, c/ch, s/sh, n/l, f/h, an/ang, en/eng, in/ing).
"""

import importlib.util
import json
import re
import sys
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

LONGEST_SYLLABLE = 6
LONGEST_RUN = 48

# A character has one reading here; these words are where shoppers' Latin spelling differs from it.
WORD_READINGS = {
    "还款": "huan kuan", "还钱": "huan qian", "归还": "gui huan", "退还": "tui huan",
    "返还": "fan huan", "银行": "yin hang", "行业": "hang ye", "重新": "chong xin",
    "重发": "chong fa", "重拍": "chong pai", "重复": "chong fu", "重下": "chong xia",
    "调换": "diao huan", "调货": "diao huo", "长度": "chang du", "衣长": "yi chang",
    "裤长": "ku chang", "多长": "duo chang", "长袖": "chang xiu", "时长": "shi chang",
    "会计": "kuai ji", "音乐": "yin yue", "便宜": "pian yi", "着凉": "zhao liang",
    "提供": "ti gong", "角色": "jue se", "降价": "jiang jia", "出差": "chu chai",
    "弹力": "tan li", "弹性": "tan xing", "什么": "shen me", "怎么": "zen me",
}  # fmt: skip

_WORDS = re.compile("|".join(sorted(WORD_READINGS, key=len, reverse=True)))
_VOWELS = frozenset("aeiouv")
_CONFUSED_STARTS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("f", "h"))


class Readings(NamedTuple):
    """plain: character -> syllable without tone; fuzzy: syllable -> what it is confused with."""

    plain: dict[str, str]
    fuzzy: dict[str, str]


@cache
def readings() -> Readings:
    """The table of single characters, read once.

    The file is read without importing pypinyin: that import loads its dictionary of phrases too,
    which costs 55 MiB and a quarter of a second, and phrases decide almost nothing here because
    messages and entries are read through the same table.
    """
    spec = importlib.util.find_spec("pypinyin")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("pypinyin is not installed")
    folder = Path(spec.submodule_search_locations[0])
    table: dict[str, str] = json.loads((folder / "pinyin_dict.json").read_text("utf-8"))
    plain: dict[str, str] = {}
    fuzzy: dict[str, str] = {}
    for code, spelt in table.items():
        if not 0x4E00 <= int(code) <= 0x9FFF and int(code) != 0x3007:
            continue
        syllable = toneless(spelt.split(",", 1)[0])
        # Interned: four hundred strings are shared by twenty thousand characters.
        plain[chr(int(code))] = sys.intern(syllable)
        if not _VOWELS.isdisjoint(syllable):
            fuzzy.setdefault(syllable, fold_syllable(syllable))
    return Readings(plain, fuzzy)


def toneless(syllable: str) -> str:
    """`lǜ` -> `lv`, `huán` -> `huan`."""
    spread = unicodedata.normalize("NFD", syllable.replace("ü", "v"))
    bare = "".join(c for c in spread if not unicodedata.combining(c) or c == "\u0308")
    return bare.replace("u\u0308", "v").replace("\u0308", "")


def fold_syllable(syllable: str) -> str:
    """The one spelling of all syllables that shoppers confuse with this one."""
    for start, plain in _CONFUSED_STARTS:
        if syllable.startswith(start):
            syllable = plain + syllable[len(start) :]
            break
    if syllable.endswith(("ang", "eng", "ing")):
        return syllable[:-1]
    return syllable


def of_characters(text: str) -> list[str | None]:
    """One plain syllable per character, None where there is no reading."""
    plain = readings().plain
    sounds = [plain.get(character) for character in text]
    for word in _WORDS.finditer(text):
        sounds[word.start() : word.end()] = WORD_READINGS[word.group()].split()
    return sounds


def split_latin(run: str) -> list[str]:
    """`baoyou` -> bao, you; empty when the run is not wholly made of syllables."""
    if not 2 <= len(run) <= LONGEST_RUN or not run.isascii() or not run.isalpha():
        return []
    known = readings().fuzzy
    run = run.lower()
    best: list[list[str] | None] = [[]] + [None] * len(run)
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - LONGEST_SYLLABLE), end):
            before = best[start]
            if before is None or run[start:end] not in known:
                continue
            found = best[end]
            if found is None or len(before) + 1 < len(found):
                best[end] = [*before, run[start:end]]
    return best[len(run)] or []
