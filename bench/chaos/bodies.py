"""What the actors write: every body names its conversation's secret, its sender and its number.

So a body that turns up anywhere, in whatever frame and field, says whose eyes it was meant for.
"""

import re
from typing import NamedTuple

_MARK = re.compile(r"\[#(\w+)\.(\w+)\.(\d+)(\.p)?#\]")
_QUESTIONS = ("请问这款什么时候发货", "可以退换吗", "有没有优惠", "在吗", "尺寸怎么选")


class Body(NamedTuple):
    """`private`: a note that is for agents only."""

    secret: str
    sender: str
    n: int
    private: bool = False

    def text(self) -> str:
        mark = f"[#{self.secret}.{self.sender}.{self.n}{'.p' if self.private else ''}#]"
        return f"{mark} {_QUESTIONS[self.n % len(_QUESTIONS)]}"


def bodies(text: str) -> list[Body]:
    """Every body in a text, which may be a whole frame."""
    return [
        Body(secret, sender, int(n), bool(private))
        for secret, sender, n, private in _MARK.findall(text)
    ]
