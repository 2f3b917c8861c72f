"""The configured channel accounts: their adapters' settings, checked, secrets sealed at rest."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from channels.base import Channel, Config
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

    async def load(self) -> None:
        for row in await self._store.read(places.inboxes):
            self._keep(self._open(row))

    def all(self) -> list[Inbox]:
        return list(self._by_key.values())

    def by_key(self, key: str) -> Inbox | None:
        return self._by_key.get(key)

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
    known = {field.encode_name for field in msgspec.structs.fields(config)}
    unknown = sorted(set(values) - known)
    if unknown:
        named = ", ".join(f"`{key}`" for key in unknown)
        raise Refused("invalid", f"unknown setting {named}; there are: {', '.join(sorted(known))}")
    try:
        return msgspec.convert(dict(values), config, strict=False)
    except msgspec.ValidationError as wrong:
        raise Refused("invalid", str(wrong)) from wrong
