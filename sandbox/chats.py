"""One person's chat with one account: what their phone shows and what the platform keeps of it."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.accounts import Account, Kind
from sandbox.people import Person, address_of
from sandbox.windows import Window

TYPING_S = 15
MOST_SHOWN = 200


@dataclass(slots=True)
class Line:
    """One bubble. `own` is the shopper's; `state` tells what became of its callback."""

    n: int
    at: float
    own: bool
    type: str
    data: dict[str, Any]
    state: str = ""
    reason: str = ""
    msgid: str = ""

    def shape(self) -> dict[str, Any]:
        return {
            "n": self.n, "at": round(self.at * 1000), "own": self.own, "type": self.type,
            "data": self.data, "state": self.state, "reason": self.reason,
        }  # fmt: skip


@dataclass(slots=True)
class Chat:
    """`session` is the service state of 微信客服; `codes` are what send_msg_on_event takes."""

    account: Account
    person: Person
    window: Window
    lines: list[Line] = field(default_factory=list)
    follows: bool = True
    heard_at: float | None = None
    answered_at: float | None = None
    typing_until: float = 0.0
    session: int = 0
    servicer: str = ""

    @property
    def user(self) -> str:
        return address_of(self.account, self.person)

    def add(
        self, at: float, type_: str, data: dict[str, Any], *, own: bool = False, msgid: str = ""
    ) -> Line:
        line = Line(len(self.lines) + 1, at, own, type_, data, msgid=msgid)
        self.lines.append(line)
        return line

    def shape(self, now: float) -> dict[str, Any]:
        return {
            "lines": [one.shape() for one in self.lines[-MOST_SHOWN:]],
            "follows": self.follows,
            "typing": self.typing_until > now,
            "window": self.window.shown(now),
            "session": self.session if self.account.kind is Kind.KF else None,
        }


def new_chat(account: Account, person: Person) -> Chat:
    return Chat(account, person, Window(account.kind))
