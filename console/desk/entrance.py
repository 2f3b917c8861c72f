"""Who comes in: agents by name and password, shoppers by token or by the shop's signed word.

Passwords are argon2id (19 MiB, two passes: the floor of OWASP's cheat sheet), hashed off the event
loop; tokens are 256 random bits and only their SHA-256 is stored. A wrong name costs the same time
as a wrong password.
"""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from channels.base import Portrait
from console.clock import Clock
from console.desk.inboxes import Inbox
from console.desk.tries import Tries
from console.events import Events, SessionEnded
from console.model.people import Agent, Group
from console.model.refusal import Refused
from console.model.words import (
    AgentId,
    Availability,
    GroupId,
    IdentityId,
    Role,
    ShopId,
    new_id,
    to_ms,
)
from console.store import Store, Tx, people

log = logging.getLogger(__name__)

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
TOUCH_EVERY = timedelta(minutes=5)
MIN_PASSWORD = 8
MAX_AT_HASHING = 64
ASSERTION_AGE = timedelta(minutes=10)

_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_NOBODY = _HASHER.hash(secrets.token_hex(16))


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in agent's browser."""

    token_hash: str
    agent: Agent
    csrf: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """A shopper's browser on one inbox; `fresh` means that `token` was made now."""

    identity_id: IdentityId
    token: str
    fresh: bool


class Entrance:
    """Signing in and out, for both sides."""

    def __init__(self, store: Store, events: Events, clock: Clock) -> None:
        self._store = store
        self._events = events
        self._clock = clock
        self._tries = Tries()
        self._hashing = asyncio.Semaphore(2)
        self._at_hashing = 0

    async def add_agent(
        self,
        shop_id: ShopId,
        name: str,
        *,
        password: str,
        role: Role,
        capacity: int,
        groups: list[str],
    ) -> Agent:
        """A new person at the desk.

        Raises Refused: `invalid` for a bad name, a short password or a capacity outside 0..1000,
        `not_found` for a group the shop does not have, `conflict` when the name is taken.
        """
        if not name.strip() or len(name) > 64:
            raise Refused("invalid", "`name` has 1 to 64 characters")
        if len(password) < MIN_PASSWORD or len(password) > 200:
            raise Refused("invalid", f"`password` has {MIN_PASSWORD} to 200 characters")
        if not 0 <= capacity <= 1000:
            raise Refused("invalid", "`capacity` is 0 to 1000")
        async with self._place_to_hash():
            password_hash = await asyncio.to_thread(_HASHER.hash, password)

        async def work(tx: Tx) -> Agent:
            members = await _named_groups(tx, shop_id, groups)
            agent = Agent(
                AgentId(new_id()), shop_id, name, role, capacity, Availability.AVAILABLE, members
            )
            if not await people.add_agent(tx, agent, password_hash, to_ms(self._clock())):
                raise Refused("conflict", f"there is an agent named {name!r} already")
            return agent

        return await self._store.write(work)

    async def add_groups(self, shop_id: ShopId, names: list[str]) -> None:
        async def work(tx: Tx) -> None:
            for position, name in enumerate(names):
                await people.add_group(tx, shop_id, Group(GroupId(new_id()), name), position)

        await self._store.write(work)

    async def agents(self, shop_id: ShopId) -> list[Agent]:
        async def work(tx: Tx) -> list[Agent]:
            return await people.agents(tx, shop_id)

        return await self._store.read(work)

    async def sign_in(self, name: str, password: str, address: str) -> tuple[str, Session]:
        """The new session and its token. Refused: `unauthorized`, or `rate_limited` for a pause."""
        self._tries.check(name=name, address=address)

        async def look(tx: Tx) -> tuple[AgentId, str] | None:
            return await people.credentials(tx, name)

        found = await self._store.read(look)
        async with self._place_to_hash():
            self._tries.check(name=name, address=address)  # many at once have not failed yet
            right = await self._verify(found[1] if found else _NOBODY, password)
            if found is None or not right:
                self._tries.failed(name=name, address=address)
                who = {"agent": found[0]} if found else {}
                log.warning("sign-in refused", extra={"address": address, **who})
                raise Refused("unauthorized", "name or password is wrong")
        self._tries.passed(name)
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        token_hash = sha256(token)

        async def work(tx: Tx) -> Agent | None:
            await people.add_session(tx, token_hash, found[0], csrf, to_ms(self._clock()))
            return await people.agent(tx, found[0])

        agent = await self._store.write(work)
        assert agent is not None
        log.info("signed in", extra={"agent": agent.id, "address": address})
        return token, Session(token_hash, agent, csrf)

    async def session(self, token: str) -> Session | None:
        """Who a cookie belongs to, if it is still good: 12 h idle, 7 days at most (T6)."""
        token_hash, now = sha256(token), self._clock()

        async def look(tx: Tx) -> tuple[Session, int, int] | None:
            row = await people.session(tx, token_hash)
            agent = await people.agent(tx, row[0]) if row else None
            if row is None or agent is None:
                return None
            return Session(token_hash, agent, row[1]), row[2], row[3]

        found = await self._store.read(look)
        if found is None:
            return None
        session, begun, seen = found
        now_ms = to_ms(now)
        if begun < to_ms(now - ABSOLUTE) or seen < to_ms(now - IDLE):
            return None
        if now_ms - seen > TOUCH_EVERY / timedelta(milliseconds=1):

            async def touch(tx: Tx) -> None:
                await people.touch_session(tx, token_hash, now_ms)

            await self._store.write(touch)
        return session

    async def sign_out(self, token_hash: str) -> None:
        async def work(tx: Tx) -> None:
            await people.end_session(tx, token_hash)

        await self._store.write(work)
        self._events.publish(SessionEnded(token_hash))

    async def sweep(self) -> None:
        """End the sessions whose time is over; windows that are still open are cut (T6)."""
        now = self._clock()
        limits = to_ms(now - ABSOLUTE), to_ms(now - IDLE)

        async def look(tx: Tx) -> list[str]:
            return await people.stale_sessions(tx, *limits)

        async def work(tx: Tx) -> list[str]:
            stale = await people.stale_sessions(tx, *limits)
            for token_hash in stale:
                await people.end_session(tx, token_hash)
            return stale

        if await self._store.read(look):
            ended = await self._store.write(work)
            self._events.publish(*map(SessionEnded, ended))

    async def visitor(
        self, inbox: Inbox, token: str | None, assertion: str | None, *, greet_as: str
    ) -> Visitor:
        """The shopper behind a connection. A made-up or foreign token is replaced by a fresh one.

        `assertion` is the shop's signed word on who it is (JWT HS256, design section 5); a bad one
        is Refused("unauthorized").
        """
        if assertion is not None:
            return await self._signed(inbox, token, _claims(inbox, assertion))
        if inbox.config.identity_required:
            raise Refused("unauthorized", "this inbox takes signed shoppers only")

        async def look(tx: Tx) -> tuple[str, bool] | None:
            return await people.visitor(tx, sha256(token or ""), inbox.id)

        found = await self._store.read(look) if token else None
        if found is not None:
            return Visitor(IdentityId(found[0]), token or "", fresh=False)
        fresh = secrets.token_urlsafe(32)

        async def work(tx: Tx) -> IdentityId:
            identity_id = IdentityId(new_id())
            name = f"{greet_as}{identity_id[:4]}"
            contact_id = new_id()
            now = to_ms(self._clock())
            await people.add_contact(tx, contact_id, inbox.shop_id, name, now)
            await people.add_identity(
                tx, identity_id, inbox.id, f"visitor:{identity_id}",
                contact_id=contact_id, name=name, verified=False, at_ms=now,
            )  # fmt: skip
            await people.add_visitor(tx, sha256(fresh), identity_id, inbox.id, now)
            return identity_id

        return Visitor(await self._store.write(work), fresh, fresh=True)

    async def known(self, inbox: Inbox, token: str) -> IdentityId | None:
        """Whose token it is on this inbox; nobody is made for one that is not known."""

        async def look(tx: Tx) -> tuple[str, bool] | None:
            return await people.visitor(tx, sha256(token), inbox.id)

        found = await self._store.read(look) if token else None
        return None if found is None else IdentityId(found[0])

    async def person(
        self,
        inbox: Inbox,
        external: str,
        name: str | None,
        *,
        greet_as: str,
        portrait: Portrait | None = None,
    ) -> IdentityId:
        """Whom a provider calls `external`; made on first contact, renamed when the provider says
        another name. One without a name is known by the provider's word until then."""
        identity_id = await self._person(inbox, external, name, greet_as)
        if portrait is None:
            return identity_id
        told = (portrait.avatar, portrait.union)
        if await self._store.read(lambda tx: people.portrait(tx, identity_id)) != told:
            await self._store.write(lambda tx: people.portray(tx, identity_id, *told))
        return identity_id

    async def _person(
        self, inbox: Inbox, external: str, name: str | None, greet_as: str
    ) -> IdentityId:

        async def look(tx: Tx) -> tuple[str, str] | None:
            row = await people.identity_by_external(tx, inbox.id, external)
            return None if row is None else (row[0], row[2])

        found = await self._store.read(look)
        if found is not None and name in (None, found[1]):
            return IdentityId(found[0])

        async def work(tx: Tx) -> IdentityId:
            row = await people.identity_by_external(tx, inbox.id, external)
            if row is not None and name not in (None, row[2]):
                await people.rename(tx, row[0], row[1], name)
            if row is not None:
                return IdentityId(row[0])
            identity_id, contact_id, now = IdentityId(new_id()), new_id(), to_ms(self._clock())
            called = name or f"{greet_as}{identity_id[:4]}"
            await people.add_contact(tx, contact_id, inbox.shop_id, called, now)
            await people.add_identity(
                tx, identity_id, inbox.id, external,
                contact_id=contact_id, name=name or external, verified=True, at_ms=now,
            )  # fmt: skip
            return identity_id

        return await self._store.write(work)

    async def _signed(self, inbox: Inbox, token: str | None, claims: Mapping[str, Any]) -> Visitor:
        external = f"user:{claims['sub']}"
        fresh = secrets.token_urlsafe(32)

        async def work(tx: Tx) -> Visitor:
            row = await people.identity_by_external(tx, inbox.id, external)
            mine = await people.visitor(tx, sha256(token), inbox.id) if token else None
            if row is not None and mine is not None and mine[0] == row[0]:
                return Visitor(IdentityId(mine[0]), token or "", fresh=False)
            now = to_ms(self._clock())
            spent = f"{inbox.id}:{claims['jti']}"  # shops choose their own
            if not await people.spend_token(tx, spent, claims["exp"] * 1000, now):
                raise Refused("unauthorized", "`identity`: this token was used before")
            identity_id = IdentityId(row[0] if row else new_id())
            if row is None:
                contact_id = new_id()
                name = claims.get("name") or claims["sub"]
                await people.add_contact(tx, contact_id, inbox.shop_id, name, now)
                await people.add_identity(
                    tx, identity_id, inbox.id, external,
                    contact_id=contact_id, name=name, verified=True, at_ms=now,
                )  # fmt: skip
            else:
                contact_id = row[1]
            await people.describe_contact(
                tx, contact_id,
                name=claims.get("name"), email=claims.get("email"), phone=claims.get("phone"),
                level=claims.get("level"),
            )  # fmt: skip
            await people.add_visitor(tx, sha256(fresh), identity_id, inbox.id, now)
            return Visitor(identity_id, fresh, fresh=True)

        return await self._store.write(work)

    @asynccontextmanager
    async def _place_to_hash(self) -> AsyncIterator[None]:
        """One of the two threads for it. Refused("rate_limited") where too many wait (R32)."""
        if self._at_hashing >= MAX_AT_HASHING:
            raise Refused("rate_limited", "too many sign in at once; try again in a moment")
        self._at_hashing += 1
        try:
            async with self._hashing:
                yield
        finally:
            self._at_hashing -= 1

    async def _verify(self, password_hash: str, password: str) -> bool:
        """Asked by whoever holds a place at `_hashing`."""
        try:
            await asyncio.to_thread(_HASHER.verify, password_hash, password)
        except VerifyMismatchError:
            return False
        return True


def sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def _named_groups(tx: Tx, shop_id: ShopId, names: list[str]) -> tuple[Group, ...]:
    known = await people.groups(tx, shop_id)
    found = tuple(one for one in known if one.name in names or one.id in names)
    missing = [name for name in names if not any(name in (one.name, one.id) for one in known)]
    if missing:
        there = ", ".join(one.name for one in known)
        raise Refused("not_found", f"no group {', '.join(missing)}; there are: {there}")
    return found


def _claims(inbox: Inbox, assertion: str) -> dict[str, Any]:
    # Deferred: brings all of cryptography, which a shop without signed shoppers never needs.
    import jwt

    if not inbox.config.identity_secret:
        raise Refused("unauthorized", "`identity`: this inbox has no identity_secret")
    try:
        claims: dict[str, Any] = jwt.decode(
            assertion,
            inbox.config.identity_secret,
            algorithms=["HS256"],
            audience=inbox.key,
            options={"require": ["aud", "sub", "iat", "exp", "jti"]},
        )
    except jwt.PyJWTError as wrong:
        raise Refused("unauthorized", f"`identity`: {wrong}") from wrong
    claims["exp"], claims["iat"] = int(claims["exp"]), int(claims["iat"])  # "1" and 1.5 pass too
    lifetime = timedelta(seconds=claims["exp"] - claims["iat"])
    if lifetime > ASSERTION_AGE:
        raise Refused("unauthorized", "`identity`: `exp` is more than 10 minutes after `iat`")
    texts = {key: claims.get(key) for key in ("sub", "jti", "name", "email", "phone", "level")}
    if any(
        one is not None and (not isinstance(one, str) or len(one) > 200) for one in texts.values()
    ):
        raise Refused("unauthorized", "`identity`: a claim is not a text of at most 200 characters")
    return claims
