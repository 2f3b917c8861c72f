"""What was turned away, counted by shop: agents see one line and not thousands of rows (T27)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from console.events import Flood
from console.model.words import ShopId

# less is a shopper in a hurry
ALARM_AT = 20
CALM_S = 60.0
MOST_NAMED = 1000


@dataclass(slots=True)
class _Wave:
    turned_away: int = 0
    told: int = 0
    last: float = 0.0
    addresses: set[str] = field(default_factory=set)


class Floods:
    """`note` every refusal; `news` now and then says what agents should hear."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._waves: dict[ShopId, _Wave] = {}

    def note(self, shop_id: ShopId, address: str) -> None:
        wave = self._waves.setdefault(shop_id, _Wave())
        wave.turned_away += 1
        wave.last = self._monotonic()
        if len(wave.addresses) < MOST_NAMED:
            wave.addresses.add(address)

    def news(self) -> list[Flood]:
        """What changed since it was last asked; a flood that is over is told as 0."""
        now = self._monotonic()
        found = []
        for shop_id, wave in list(self._waves.items()):
            if now - wave.last > CALM_S:
                del self._waves[shop_id]
                if wave.told:
                    found.append(Flood(shop_id, 0, 0))
            elif wave.turned_away >= ALARM_AT and wave.turned_away != wave.told:
                wave.told = wave.turned_away
                found.append(Flood(shop_id, wave.turned_away, len(wave.addresses)))
        return found


FLOODS = web.AppKey("floods", Floods)
