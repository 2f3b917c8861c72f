"""One call of the API, and the doors it may come to."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.accounts import Account, Kind
from sandbox.media import File
from sandbox.refusals import Refusal
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked. `account` is the token's; the doors that give tokens have none yet."""

    query: dict[str, str]
    body: bytes
    mime: str
    origin: str
    address: str
    token_of: Account | None = None

    @property
    def account(self) -> Account:
        if self.token_of is None:
            raise Refusal(41001)
        return self.token_of


Answer = dict[str, Any] | File


@dataclass(frozen=True, slots=True)
class Door:
    """`sends`: it accepts a message, so what is scripted for sends is for it."""

    method: str
    kinds: tuple[Kind, ...]
    run: Callable[[World, Call], Answer]
    token: bool = True
    sends: bool = False


def done(**more: Any) -> dict[str, Any]:
    return {"errcode": 0, "errmsg": "ok", **more}
