"""The configured channel accounts: their adapters' settings, checked, secrets sealed at rest."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

import msgspec

from channels.base import (
    Abilities,
    Channel,
    Config,
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
from console.model.refusal import Refused
from console.model.words import InboxId, ShopId, new_id, to_ms
from console.seal import Seal
from console.store import Store, Tx, places


@dataclass(frozen=True, slots=True)
class Inbox:
    """One channel account, ready for use."""

    id: InboxId
    shop_id: ShopId
    kind: str
    name: str
    key: str
    config: Any


class Inboxes:
    """Knows every inbox by its key; kept in memory, changed by `add` only."""

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

    async def add(self, shop_id: ShopId, kind: str, name: str, values: Mapping[str, str]) -> Inbox:
        """Add a channel account. Values are text, as typed; unknown or missing keys are named.

        Raises Refused: `not_found` for an unknown kind, `invalid` for settings, `conflict` for a
        name this kind has already.
        """
        channel = self._registry.get(kind)
        if channel is None:
            known = ", ".join(sorted(self._registry))
            raise Refused("not_found", f"no channel of kind {kind!r}; there are: {known}")
        if not name.strip():
            raise Refused("invalid", "`name` is empty")
        config = _settings_of(channel.Config, values)
        stored = msgspec.to_builtins(config)
        for field in secret_fields(channel.Config):
            if stored.get(field):
                stored[field] = self._seal.close(stored[field])
        row = places.InboxRow(InboxId(new_id()), shop_id, kind, name, secrets.token_hex(12), stored)

        async def work(tx: Tx) -> None:
            if not await places.add_inbox(tx, row, to_ms(self._clock())):
                raise Refused("conflict", f"there is an inbox {kind} {name!r} already")

        await self._store.write(work)
        return self._keep(self._open(row))

    def _open(self, row: places.InboxRow) -> Inbox:
        channel = self._registry.get(row.kind)
        if channel is None:
            raise Refused("unavailable", f"inbox {row.id} is of unknown kind {row.kind!r}")
        values = dict(row.config)
        for field in secret_fields(channel.Config):
            if values.get(field):
                values[field] = self._seal.open(values[field])
        config = msgspec.convert(values, channel.Config)
        return Inbox(row.id, row.shop_id, row.kind, row.name, row.key, config)

    def _keep(self, inbox: Inbox) -> Inbox:
        self._by_key[inbox.key] = inbox
        self._by_id[inbox.id] = inbox
        return inbox


def secret_fields(config: type[Config]) -> list[str]:
    """The names of the settings that are never shown again."""
    found = []
    for field in msgspec.structs.fields(config):
        kind = msgspec.inspect.type_info(field.type)
        extra = getattr(kind, "extra", None) or {}
        if extra.get("secret"):
            found.append(field.encode_name)
    return found


def _settings_of(config: type[Config], values: Mapping[str, str]) -> Config:
    fields = msgspec.structs.fields(config)
    known = sorted(field.encode_name for field in fields)
    unknown = sorted(set(values) - set(known))
    missing = [one.encode_name for one in fields if one.required and one.encode_name not in values]
    if unknown or missing:
        said = [f"unknown setting {_named(unknown)}"] if unknown else []
        said += [f"missing setting {_named(missing)}"] if missing else []
        raise Refused("invalid", f"{'; '.join(said)}; there are: {', '.join(known)}")
    try:
        return msgspec.convert(dict(values), config, strict=False)
    except msgspec.ValidationError as wrong:
        raise Refused("invalid", str(wrong)) from wrong


def _named(keys: list[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)
