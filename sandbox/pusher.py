"""Callbacks to the shop's endpoint: signed, sealed, five seconds, three tries, all on record."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from sandbox.accounts import Account, Kind
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.record import Record
from sandbox.replies import BadReply, reply_in
from sandbox.secure import seal, signature
from sandbox.written import plain_json, xml

log = logging.getLogger(__name__)

ANSWER_S = 5.0
TRIES = 3
HELD_S = 2.0
AGENT_ID = 1000002

# state and reason, and the passive reply where there is one
Ended = Callable[[str, str, tuple[str, dict[str, Any]] | None], None]


@dataclass(frozen=True, slots=True)
class Callback:
    """One request as it goes out; each try sends the same."""

    query: dict[str, str]
    body: str
    mime: str


class Pusher:
    """Sends callbacks, each as a task of its own, as the platform does."""

    def __init__(self, clock: Clock, faults: Faults, record: Record, answer_s: float) -> None:
        self._clock = clock
        self._faults = faults
        self._record = record
        self._answer_s = answer_s
        self._http: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: asyncio.Event | None = None

    def start(self) -> None:
        self._http = aiohttp.ClientSession()

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    async def settled(self) -> None:
        """Returns when no callback is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def push(self, account: Account, user: str, message: dict[str, Any], ended: Ended) -> None:
        callback = self._callback(account, user, message)
        entry = self._record.add(
            "push",
            {
                "account": account.name, "url": account.hook, "message": message,
                "query": callback.query, "body": callback.body, "tries": [], "state": "waiting",
            },
        )  # fmt: skip
        task = asyncio.create_task(self._deliver(account, user, callback, entry, ended))
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    async def verify(self, account: Account) -> str:
        """The check of the address (echostr). An empty string when it passes, else the reason."""
        word = str(secrets.randbelow(10**18) + 10**18)
        query = self._marks()
        if account.kind is Kind.KF:
            sealed = seal(account.aes_key, word.encode(), account.app_id)
            parts = (account.token, query["timestamp"], query["nonce"], sealed)
            query |= {"msg_signature": signature(*parts), "echostr": sealed}
        else:
            proof = signature(account.token, query["timestamp"], query["nonce"])
            query |= {"signature": proof, "echostr": word}
        status, body = await self._ask("GET", account.hook, query, None, "")
        if status != 200:
            reason = f"HTTP {status}" if status else body
        else:
            reason = "" if body == word else f"it answered {body[:80]!r}"
        self._record.add("verify", {"account": account.name, "url": account.hook, "wrong": reason})
        return reason

    async def _deliver(
        self,
        account: Account,
        user: str,
        callback: Callback,
        entry: dict[str, Any],
        ended: Ended,
    ) -> None:
        release = await self._in_turn()
        count = 2 if self._faults.on("duplicate") else 1
        results = await asyncio.gather(
            *(self._try(account, user, callback, entry) for _ in range(count))
        )
        release()
        state, reason, reply = results[0]
        entry |= {"state": state, "reason": reason}
        ended(state, reason, reply)
        self._record.changed()

    async def _in_turn(self) -> Callable[[], object]:
        """Out of order: the first waits, for a moment, until the next has been delivered."""
        if self._held is not None:
            waiting, self._held = self._held, None
            return waiting.set
        if self._faults.on("out_of_order"):
            self._held = held = asyncio.Event()
            try:
                async with asyncio.timeout(HELD_S):
                    await held.wait()
            except TimeoutError:
                self._held = None
        return lambda: None

    async def _try(
        self, account: Account, user: str, callback: Callback, entry: dict[str, Any]
    ) -> tuple[str, str, tuple[str, dict[str, Any]] | None]:
        reason = ""
        for _ in range(TRIES):
            begun = asyncio.get_running_loop().time()
            status, body = await self._ask(
                "POST", account.hook, callback.query, callback.body, callback.mime
            )
            took = round((asyncio.get_running_loop().time() - begun) * 1000)
            entry["tries"].append({"status": status, "body": body[:2000], "ms": took})
            self._record.changed()
            if status == 200:
                try:
                    return "taken", "", reply_in(account, user, body)
                except BadReply as wrong:
                    return "broken", str(wrong), None
            reason = f"HTTP {status}" if status else body
        return "failed", reason, None

    async def _ask(
        self, method: str, url: str, query: dict[str, str], body: str | None, mime: str
    ) -> tuple[int, str]:
        """Status and body; status 0 and what went wrong where there is no answer in time."""
        assert self._http is not None
        if not url:
            return 0, "no callback address"
        data = None if body is None else body.encode()
        headers = {"Content-Type": mime} if mime else {}
        try:
            async with (
                asyncio.timeout(self._answer_s),
                self._http.request(
                    method, url, params=query, data=data, headers=headers, allow_redirects=False
                ) as answer,
            ):
                return answer.status, (await answer.read()).decode(errors="replace")
        except TimeoutError:
            return 0, f"no answer in {self._answer_s:g} s"
        except (aiohttp.ClientError, OSError) as failure:
            return 0, str(failure) or type(failure).__name__

    def _callback(self, account: Account, user: str, message: dict[str, Any]) -> Callback:
        write = plain_json if account.kind is Kind.MINI else xml
        mime = "application/json" if account.kind is Kind.MINI else "text/xml"
        text, query = write(message), self._marks()
        stamps = (account.token, query["timestamp"], query["nonce"])
        if account.kind is not Kind.KF:
            query = {"signature": signature(*stamps), **query, "openid": user}
        if self._faults.on("plaintext"):
            return Callback(query, text, mime)
        sealed = seal(account.aes_key, text.encode(), account.app_id)
        proof = signature(*stamps, sealed)
        if self._faults.on("bad_signature"):
            proof = proof[:-1] + ("0" if proof[-1] != "0" else "1")
        to = account.app_id if account.kind is Kind.KF else account.address
        envelope: dict[str, Any] = {"ToUserName": to, "Encrypt": sealed}
        if account.kind is Kind.KF:
            envelope["AgentID"] = AGENT_ID
        else:
            query["encrypt_type"] = "aes"
        return Callback({**query, "msg_signature": proof}, write(envelope), mime)

    def _marks(self) -> dict[str, str]:
        nonce = str(secrets.randbelow(9 * 10**9) + 10**9)
        return {"timestamp": str(int(self._clock.true())), "nonce": nonce}

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("callback task failed", exc_info=fault)
