"""What shoppers ask and no entry answers, grouped, with what agents said to it.

A board a shop is kept in memory and made anew when somebody looks and something has changed. The
matcher is asked again about recorded questions when the shelf has changed, a few at a time with
rests between, so that suggestions do not wait; the grouping has a thread of its own for a moment.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from console.clock import Clock
from console.desk import gaps
from console.desk.asked import Asked
from console.desk.gaps import Gap, Heard
from console.desk.library import Library
from console.events import Event, Events, MessageAdded, Recalled, ShelfChanged
from console.model.people import Agent
from console.model.refusal import Refused
from console.model.words import Author, ShopId, to_ms
from console.store import Store, asked
from console.store.asked import Dismissal, Unanswered
from console.tasks import spawn
from knowledge.grouping import Group, grouped

# The newest of so many are looked at.
MOST = 10_000
PAGE = 500
SLICE = 8
# So much longer than it worked it rests; less while somebody waits for the first board.
REST, FIRST_REST = 3.0, 0.25
# A board that is being made anew is waited for so long; then the last one is shown.
WAIT_S = 3.0


@dataclass(slots=True)
class _Board:
    """`shows` is what the matcher said by normal text, `matched` which one, and on what day."""

    groups: list[Group[Heard]] = field(default_factory=list)
    dismissals: list[Dismissal] = field(default_factory=list)
    conversations: set[str] = field(default_factory=set)
    shows: dict[str, bool] = field(default_factory=dict)
    matched: tuple[int, date] | None = None
    version: int = 0
    seen: int = 0
    stale: bool = True
    made: bool = False
    making: asyncio.Task[None] | None = None


class Unmatched:
    """Verbs of the list of unmatched questions."""

    def __init__(
        self, store: Store, events: Events, library: Library, record: Asked, clock: Clock
    ) -> None:
        self._store = store
        self._library = library
        self._record = record
        self._clock = clock
        self._boards: dict[ShopId, _Board] = {}
        events.subscribe(self._hear, MessageAdded, Recalled, ShelfChanged)

    async def listed(
        self, agent: Agent, *, askers: int, days: int, limit: int
    ) -> tuple[list[Gap], int]:
        """What at least so many asked within the days, of what the agent may see, the most asked
        first; and how many there are."""
        board = await self._board(agent.shop_id)
        since = to_ms(self._clock() - timedelta(days=days))
        groups, dismissals = board.groups, board.dismissals

        def see() -> tuple[list[Gap], int]:
            left = [one for one in groups if not gaps.is_away(one, dismissals)]
            return gaps.seen_by(agent, left, since, askers=askers, limit=limit)

        return await asyncio.to_thread(see)

    async def dismiss(self, agent: Agent, gap_id: str) -> None:
        """Off the list, until three more have asked it."""
        board = await self._board(agent.shop_id)
        group = _named(board, gap_id)
        if group is None:
            raise Refused("not_found", f"no unmatched question {gap_id}")
        one = Dismissal(gap_id, group.text, to_ms(self._clock()))
        await self._store.write(lambda tx: asked.dismiss(tx, agent.shop_id, one, agent.id))
        await self._read_dismissals(agent.shop_id, board)

    async def restore(self, agent: Agent, gap_id: str) -> None:
        """Back on the list; nothing happens to one that is there."""
        board = await self._board(agent.shop_id)
        group = _named(board, gap_id)
        texts = {one.text for one in group.questions} if group else set()
        ids = [one.id for one in board.dismissals if one.id == gap_id or one.text in texts]
        if not ids and group is None:
            raise Refused("not_found", f"no unmatched question {gap_id}")
        if ids:
            await self._store.write(lambda tx: asked.restore(tx, agent.shop_id, ids))
            await self._read_dismissals(agent.shop_id, board)

    def _hear(self, event: Event) -> None:
        match event:
            case MessageAdded(conversation, message):
                if message.author is not Author.AGENT or message.private:
                    return
                board = self._boards.get(conversation.shop_id)
                if board and conversation.id in board.conversations:
                    board.stale = True
            case Recalled(conversation) if conversation.shop_id in self._boards:
                self._boards[conversation.shop_id].stale = True
            case ShelfChanged(shop_id) if shop_id in self._boards:
                board = self._boards[shop_id]
                board.version += 1
                board.stale = True
                self._make(shop_id, board)

    async def _board(self, shop_id: ShopId) -> _Board:
        """The newest board, or the last one while that takes long."""
        await self._record.keep()
        board = self._boards.setdefault(shop_id, _Board())
        late = board.matched is not None and board.matched[1] != self._today()
        if late or board.seen != self._record.unmatched[shop_id]:
            board.stale = True
        for _ in range(2):  # one that is being made now may have read what was there before
            if board.stale or (board.making and not board.making.done()):
                making = self._make(shop_id, board)
                await asyncio.wait([making], timeout=WAIT_S if board.made else None)
                if making.done():
                    making.result()
        return board

    def _make(self, shop_id: ShopId, board: _Board) -> asyncio.Task[None]:
        if board.making is None or board.making.done():
            board.making = spawn("unmatched", self._remake(shop_id, board))
        return board.making

    async def _remake(self, shop_id: ShopId, board: _Board) -> None:
        board.stale, board.seen = False, self._record.unmatched[shop_id]
        try:
            rows = await self._rows(shop_id)
            board.conversations = {one.conversation_id for one in rows}
            matched = False
            while not matched:
                matched = await self._match(shop_id, board, rows)
            board.groups = await asyncio.to_thread(_grouped, rows, board.shows)
            await self._read_dismissals(shop_id, board)
        except BaseException:
            board.stale = True
            raise
        board.made = True

    async def _rows(self, shop_id: ShopId) -> list[Unanswered]:
        """Read by the page: who else reads has a turn between."""
        since = to_ms(self._clock() - timedelta(days=asked.KEPT_DAYS))
        rows: list[Unanswered] = []
        while len(rows) < MOST:
            last = rows[-1] if rows else None
            page = await self._page(shop_id, since, last)
            rows += page
            if len(page) < PAGE:
                break
        return rows

    async def _page(self, shop_id: ShopId, since: int, last: Unanswered | None) -> list[Unanswered]:
        return await self._store.read(
            lambda tx: asked.unmatched(tx, shop_id, since, PAGE, before=last)
        )

    async def _match(self, shop_id: ShopId, board: _Board, rows: Sequence[Unanswered]) -> bool:
        """Ask the matcher about what it was not asked yet; False when the shelf changed over it."""
        asking = board.version, self._today()
        typed = {one.text: one.typed for one in rows}
        known = board.shows if board.matched == asking else {}
        shows = {text: known[text] for text in typed if text in known}
        new = [text for text in typed if text not in shows]
        for start in range(0, len(new), SLICE):
            texts, begun = new[start : start + SLICE], time.perf_counter()
            found = await self._library.shows(shop_id, [typed[text] for text in texts])
            if board.version != asking[0]:
                return False
            shows.update(zip(texts, found, strict=True))
            if start + SLICE < len(new):
                rest = REST if board.made else FIRST_REST
                await asyncio.sleep(rest * (time.perf_counter() - begun))
        board.shows, board.matched = shows, asking
        return True

    def _today(self) -> date:
        return self._clock().astimezone().date()

    async def _read_dismissals(self, shop_id: ShopId, board: _Board) -> None:
        board.dismissals = await self._store.read(lambda tx: asked.dismissals(tx, shop_id))


def _grouped(rows: Sequence[Unanswered], shows: Mapping[str, bool]) -> list[Group[Heard]]:
    return grouped(gaps.heard(one) for one in rows if not shows[one.text])


def _named(board: _Board, gap_id: str) -> Group[Heard] | None:
    return next((one for one in board.groups if gaps.id_of(one) == gap_id), None)
