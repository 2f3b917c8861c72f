"""What a unit of work is, and what it may ask of either database."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Tx(Protocol):
    """One transaction. SQL numbers its parameters `$1`, rows are plain sequences."""

    @property
    def kept(self) -> MutableMapping[str, Any] | None:
        """Rows as the one writer of the database left them, by a name of the reader's; it forgets
        them all when anything is taken back. None where others write too, or nobody here does."""
        ...

    @property
    def for_update(self) -> str:
        """Appended to a SELECT that must hold its row until the commit; empty on SQLite."""
        ...

    async def one(self, sql: str, *params: Any) -> Sequence[Any] | None: ...

    async def all(self, sql: str, *params: Any) -> Sequence[Sequence[Any]]: ...

    async def run(self, sql: str, *params: Any) -> int:
        """Returns the number of rows touched."""
        ...

    async def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None: ...


Work = Callable[[Tx], Awaitable[T]]
