"""The configured channel accounts: their adapters' settings, checked, secrets sealed at rest."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import msgspec

from channels.base import (
    Abilities,
    Channel,
    Checker,
    Fetcher,
    Hook,
    Profiler,
    Puller,
    Reason,
    Sender,
    Typist,
    Verifier,
)
from console.clock import Clock
from console.desk import forms
from console.model.refusal import Refused
from console.model.words import InboxId, ShopId, new_id, to_ms
from console.seal import Seal
from console.store import Store, Tx, log, places


@dataclass(frozen=True, slots=True)
class Inbox:
    """One channel account, ready for use."""

    id: InboxId
    shop_id: ShopId
    kind: str
    name: str
    key: str
    config: Any
    disabled: bool = False


class Inboxes:
    """Knows every inbox by its key; kept in memory, with every change."""

    def __init__(
        self, store: Store, clock: Clock, seal: Seal, registry: Mapping[str, type[Channel]]
    ) -> None:
        self._store = store
        self._clock = clock
        self._seal = seal
        self._registry = registry
        self._by_key: dict[str, Inbox] = {}
        self._by_id: dict[str, Inbox] = {}

    async def load(self) -> None:
        for row in await self._store.read(places.inboxes):
            self._keep(self._open(row))

    def all(self) -> list[Inbox]:
        return list(self._by_key.values())

    def kinds(self, shop_id: ShopId) -> set[str]:
        """The kinds of channels that a shop has inboxes of."""
        return {one.kind for one in self._by_key.values() if one.shop_id == shop_id}

    async def of(self, shop_id: ShopId) -> list[Inbox]:
        """Every inbox of a shop, the disabled too, in the order in which they came."""
        rows = await self._store.read(lambda tx: places.inboxes_of(tx, shop_id))
        return [self._open(row) for row in rows]

    async def one(self, shop_id: ShopId, inbox_id: str) -> Inbox:
        """Raises Refused("not_found") for what is no inbox of the shop."""
        return self._open(await self._store.read(lambda tx: self._row(tx, shop_id, inbox_id)))

    @property
    def known(self) -> Collection[str]:
        """The kinds of channels that there can be."""
        return self._registry.keys()

    def abilities(self, kind: str) -> Abilities:
        return self._registry[kind].abilities

    def by_key(self, key: str) -> Inbox | None:
        return self._by_key.get(key)

    def by_id(self, inbox_id: str) -> Inbox | None:
        return self._by_id.get(inbox_id)

    def sending(self) -> list[Inbox]:
        """Those whose provider must be called."""
        return [one for one in self._by_key.values() if self.sender(one) is not None]

    def sender(self, inbox: Inbox) -> type[Sender] | None:
        """The adapter that calls the inbox's provider; None where the desk pushes for itself."""
        channel = self._registry[inbox.kind]
        return None if channel.abilities.live else cast(type[Sender], channel)

    def hook(self, inbox: Inbox) -> type[Hook] | None:
        """The adapter that reads what the inbox's provider posts, where there is one."""
        channel = self._registry[inbox.kind]
        return cast(type[Hook], channel) if channel.abilities.hook else None

    def verifier(self, inbox: Inbox) -> type[Verifier] | None:
        """The adapter that answers when the inbox's provider tries the address, if it does."""
        channel = self._registry[inbox.kind]
        return cast(type[Verifier], channel) if channel.abilities.verify else None

    def puller(self, inbox: Inbox) -> type[Puller] | None:
        """The adapter that fetches what people wrote, where nobody brings it."""
        channel = self._registry[inbox.kind]
        return cast(type[Puller], channel) if channel.abilities.pull else None

    def pulling(self) -> list[Inbox]:
        """Those from whose provider we fetch what people wrote."""
        return [one for one in self._by_key.values() if self.puller(one) is not None]

    def fetcher(self, inbox: Inbox) -> type[Fetcher] | None:
        """The adapter that fetches the files of messages, where the inbox's provider keeps them."""
        channel = self._registry[inbox.kind]
        return cast(type[Fetcher], channel) if channel.abilities.fetch else None

    def profiler(self, inbox: Inbox) -> type[Profiler] | None:
        """The adapter that asks the inbox's provider who somebody is, where it can be asked."""
        channel = self._registry[inbox.kind]
        return cast(type[Profiler], channel) if channel.abilities.profile else None

    def typist(self, inbox: Inbox) -> type[Typist] | None:
        """The adapter that can show the inbox's shoppers that somebody is writing."""
        abilities = self._registry[inbox.kind].abilities
        shows = abilities.typing and not abilities.live
        return cast(type[Typist], self._registry[inbox.kind]) if shows else None

    def checker(self, inbox: Inbox) -> type[Checker] | None:
        """The adapter that can try the inbox's settings at its provider."""
        channel = self._registry[inbox.kind]
        return cast(type[Checker], channel) if channel.abilities.check else None

    def form(self, kind: str) -> list[forms.Field]:
        """What is filled in for an inbox of a kind."""
        return forms.fields(self._registry[kind].Config)

    def windowed(self, inbox_id: str) -> bool:
        """Whether the inbox's provider takes messages only for some time after a shopper's deed."""
        inbox = self._by_id.get(inbox_id)
        return inbox is not None and self._registry[inbox.kind].abilities.window

    def reason(self, kind: str, code: str) -> Reason | None:
        """A channel's own sentence for why it could not send."""
        channel = self._registry.get(kind)
        if channel is None or channel.abilities.live:
            return None
        return cast(type[Sender], channel).reasons.get(code)

    async def add(
        self, shop_id: ShopId, kind: str, name: str, values: Mapping[str, Any],
        *, by: str | None = None,
    ) -> Inbox:  # fmt: skip
        """Add a channel account. Values are text, as typed; unknown or missing keys are named.

        Raises Refused: `not_found` for an unknown kind, `invalid` for settings, `conflict` for a
        name this kind has already.
        """
        channel = self._registry.get(kind)
        if channel is None:
            known = ", ".join(sorted(self._registry))
            raise Refused("not_found", f"no channel of kind {kind!r}; there are: {known}")
        _check_name(name)
        stored = self._sealed(kind, msgspec.to_builtins(forms.filled(channel.Config, values)))
        row = places.InboxRow(InboxId(new_id()), shop_id, kind, name, secrets.token_hex(12), stored)

        async def work(tx: Tx) -> None:
            now = to_ms(self._clock())
            if not await places.add_inbox(tx, row, now):
                raise _taken(kind, name)
            data = {"inbox": row.id, "kind": kind, "name": name, "fields": sorted(values)}
            await log.append(tx, "inbox_added", now, shop_id, agent_id=by, data=data)

        await self._store.write(work)
        return self._keep(self._open(row))

    async def change(
        self, shop_id: ShopId, inbox_id: str, name: str | None, values: Mapping[str, Any],
        *, by: str,
    ) -> Inbox:  # fmt: skip
        """Rename it, or change the settings that are given; it holds at once. Raises Refused as
        `add` does, and `not_found` for what is no inbox of the shop."""
        if name is not None:
            _check_name(name)

        async def work(tx: Tx) -> places.InboxRow:
            before = await self._row(tx, shop_id, inbox_id, lock=True)
            config = self._registry[before.kind].Config
            given = {**msgspec.to_builtins(self._open(before).config), **values}
            stored = self._sealed(before.kind, msgspec.to_builtins(forms.filled(config, given)))
            after = replace(before, name=name or before.name, config=stored)
            if not await places.save_inbox(tx, after):
                raise _taken(after.kind, after.name)
            data = {"inbox": inbox_id, "name": after.name, "fields": sorted(values)}
            now = to_ms(self._clock())
            await log.append(tx, "inbox_changed", now, shop_id, agent_id=by, data=data)
            return after

        changed = self._open(await self._store.write(work))
        return changed if changed.disabled else self._keep(changed)

    async def _row(
        self, tx: Tx, shop_id: ShopId, inbox_id: str, *, lock: bool = False
    ) -> places.InboxRow:
        row = await places.inbox(tx, inbox_id, lock=lock)
        if row is None or row.shop_id != shop_id:
            raise Refused("not_found", f"no inbox {inbox_id[:64]}")
        return row

    def _sealed(self, kind: str, values: dict[str, Any]) -> dict[str, Any]:
        for field in forms.secret_fields(self._registry[kind].Config):
            if values.get(field):
                values[field] = self._seal.close(values[field])
        return values

    def _open(self, row: places.InboxRow) -> Inbox:
        channel = self._registry.get(row.kind)
        if channel is None:
            raise Refused("unavailable", f"inbox {row.id} is of unknown kind {row.kind!r}")
        values = dict(row.config)
        for field in forms.secret_fields(channel.Config):
            if values.get(field):
                values[field] = self._seal.open(values[field])
        config = msgspec.convert(values, channel.Config)
        return Inbox(row.id, row.shop_id, row.kind, row.name, row.key, config, row.disabled)

    def _keep(self, inbox: Inbox) -> Inbox:
        self._by_key[inbox.key] = inbox
        self._by_id[inbox.id] = inbox
        return inbox


def _check_name(name: str) -> None:
    if not name.strip():
        raise Refused("invalid", "`name` is empty")


def _taken(kind: str, name: str) -> Refused:
    return Refused("conflict", f"there is an inbox {kind} {name!r} already")
