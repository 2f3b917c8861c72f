"""How many undelivered messages each agent may see: told to their windows when it changes."""

from collections.abc import Callable, Iterable

from console.desk import Desk
from console.model.people import Agent
from console.model.words import ShopId
from console.tasks import spawn
from console.web.sockets import Connection, Sockets

Windows = Callable[[ShopId], Iterable[tuple[Connection, Agent]]]


class UndeliveredCount:
    """Counts once for all windows of a shop; what changes while it counts is counted again."""

    def __init__(self, desk: Desk, sockets: Sockets, windows: Windows) -> None:
        self._desk = desk
        self._sockets = sockets
        self._windows = windows
        self._told: dict[str, int] = {}
        self._stale: dict[ShopId, bool] = {}

    async def first(self, connection: Connection, agent: Agent) -> int:
        """What a window begins with."""
        count = (await self._desk.undelivered.tally(agent.shop_id)).of(agent)
        self._told[connection.sid] = count
        return count

    def forget(self, sid: str) -> None:
        self._told.pop(sid, None)

    def changed(self, shop_id: ShopId) -> None:
        """Something may be different now."""
        counting = shop_id in self._stale
        self._stale[shop_id] = True
        if not counting:
            spawn("undelivered", self._tell(shop_id))

    async def _tell(self, shop_id: ShopId) -> None:
        try:
            while self._stale[shop_id]:
                self._stale[shop_id] = False
                tally = await self._desk.undelivered.tally(shop_id)
                for connection, agent in self._windows(shop_id):
                    count = tally.of(agent)
                    if self._told.get(connection.sid) != count:
                        self._told[connection.sid] = count
                        self._sockets.send([connection], "undelivered", {"count": count})
        finally:
            del self._stale[shop_id]
