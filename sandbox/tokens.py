"""Access tokens: issued, renewed, superseded, expired; by the rules of each of the three doors."""

import secrets
from collections import defaultdict
from dataclasses import dataclass

from sandbox.accounts import Account
from sandbox.clock import Clock
from sandbox.refusals import Refusal

LIVES_S = 7200
OVERLAP_S = 300
FORCED_A_DAY = 20
FORCED_APART_S = 30
PLAIN_A_DAY = 2000
DAY_S = 86_400


@dataclass(slots=True)
class Issued:
    """One token; `superseded` by a newer one it ends as wrong, else as expired."""

    text: str
    account: Account
    until: float
    superseded: bool = False


class Tokens:
    """Every token there was, so that an old one is told from a made-up one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._all: dict[str, Issued] = {}
        self._current: dict[tuple[str, str], Issued] = {}
        self._forced: defaultdict[str, list[float]] = defaultdict(list)
        self._asked: defaultdict[str, list[float]] = defaultdict(list)

    def plain(self, account: Account) -> Issued:
        """A new one at every call; the one before works five minutes longer."""
        asked = self._today(self._asked, account)
        if len(asked) >= PLAIN_A_DAY:
            raise Refusal(45009)
        asked.append(self._clock.now())
        before = self._current.get(("plain", account.app_id))
        if before is not None:
            before.superseded = True
            before.until = min(before.until, self._clock.now() + OVERLAP_S)
        return self._issue("plain", account)

    def stable(self, account: Account, *, force: bool) -> Issued:
        """The same one until five minutes before its end; forced, the old one ends at once."""
        now = self._clock.now()
        before = self._current.get(("stable", account.app_id))
        if force:
            forced = self._today(self._forced, account)
            if len(forced) >= FORCED_A_DAY:
                raise Refusal(45009)
            if forced and now - forced[-1] < FORCED_APART_S:
                raise Refusal(45011)
            forced.append(now)
            if before is not None:
                before.superseded, before.until = True, now
        elif before is not None and before.until - now > OVERLAP_S:
            return before
        return self._issue("stable", account)

    def company(self, account: Account) -> Issued:
        """The same one while it is valid."""
        before = self._current.get(("company", account.app_id))
        if before is not None and before.until > self._clock.now():
            return before
        return self._issue("company", account)

    def left_s(self, issued: Issued) -> int:
        return max(0, round(issued.until - self._clock.now()))

    def account_of(self, text: str, *, unknown: int) -> Account:
        """Whose it is. Raises Refusal: missing, `unknown`, superseded or expired."""
        if not text:
            raise Refusal(41001)
        issued = self._all.get(text)
        if issued is None:
            raise Refusal(unknown)
        if issued.until <= self._clock.now():
            raise Refusal(unknown if issued.superseded else 42001)
        return issued.account

    def expire(self) -> None:
        """All of them end now, as if their two hours were over."""
        for issued in self._all.values():
            issued.until = min(issued.until, self._clock.now())
        self._current.clear()

    def revoke(self) -> None:
        """All of them are wrong from now on, as if somebody else had fetched newer ones."""
        self._all.clear()
        self._current.clear()

    def _issue(self, door: str, account: Account) -> Issued:
        text = f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(100)}"
        issued = Issued(text, account, self._clock.now() + LIVES_S)
        self._all[text] = self._current[(door, account.app_id)] = issued
        return issued

    def _today(self, times: defaultdict[str, list[float]], account: Account) -> list[float]:
        now = self._clock.now()
        times[account.app_id] = [at for at in times[account.app_id] if now - at < DAY_S]
        return times[account.app_id]
