"""What a unit of work is, and what it may ask of either database."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Tx(Protocol):
    """One transaction. SQL numbers its parameters `$1`, rows are plain sequences."""

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
