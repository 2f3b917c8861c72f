"""Cells that a spreadsheet would calculate instead of showing (T24).

A text that begins like a formula gets an apostrophe in front, and so does one that begins with
apostrophes and then like a formula: taking one off again then gives back what was there, always.
A file of somebody else's that has such an apostrophe has it for the same reason.
"""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\n\u2212\uff1d\uff0b\uff0d\uff20]")


def starts_formula(text: str) -> bool:
    return _FORMULA.match(text) is not None


def guard(text: str) -> str:
    return f"'{text}" if starts_formula(text) else text


def unguard(text: str) -> str:
    return text[1:] if text.startswith("'") and starts_formula(text) else text
