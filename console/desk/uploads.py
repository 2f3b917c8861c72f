"""Files that people send: taken in, said in messages, shown to whoever knows the id, removed.

The id of a file is 80 random bits and the only key to it, as a page that shows it may be the shop's
own. What nobody says within a day is removed, and so is what was said and taken back; what a crash
leaves on the disk without a row is found by a walk over one part of 256 at a time.
"""

import asyncio
import errno
import hashlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from console.clock import Clock
from console.files.decoding import Decoding
from console.files.keeping import Files
from console.files.kinds import HEAD, Sort, clean, picture_name, sort_of
from console.model.conversation import Message
from console.model.files import File, Owner
from console.model.refusal import Refused
from console.model.words import FileId, Kind, new_id, to_ms
from console.store import Store, Tx, files

log = logging.getLogger(__name__)

MB = 1024 * 1024
MOST_PICTURE, MOST_FILE = 10 * MB, 25 * MB
AT_ONCE, AT_ONCE_EACH = 32, 4
UNSAID = timedelta(hours=24)
LOOK_AGAIN = timedelta(days=7)
DAY = timedelta(days=1)
# what one shopper may leave with us in a day
MOST_A_DAY, MOST_BYTES_A_DAY = 100, 200 * MB
SWEPT_AT_ONCE = 100
PARTS = 256


@dataclass(slots=True)
class Draft:
    """What has come of a file so far; `path` holds its bytes."""

    path: Path
    sort: Sort
    size: int
    sha256: str


class Uploads:
    """Verbs of files; without `kept` there is no place for any, and each is Refused."""

    def __init__(self, store: Store, clock: Clock, kept: Files | None) -> None:
        self._store = store
        self._clock = clock
        self._kept = kept
        self._decoding = Decoding()
        self._busy: Counter[str] = Counter()
        self._part = 0

    async def keep(self, owner: Owner, name: str, body: AsyncIterator[bytes], size: int) -> File:
        """Take a file in; it is on the disk and has its row when this returns.

        `size` is what was announced, 0 for nothing. Raises Refused: `invalid` for what is not
        taken or is not what it says, `too_large`, `rate_limited` for a shopper's day or for too
        many at once, `unavailable` where there is no room.
        """
        kept = self._place()
        name = clean(name)
        if not name:
            raise Refused("invalid", "`name` is empty")
        with self._turn(owner), kept.draft() as folder:
            if size > MOST_FILE:
                raise Refused("too_large", f"a file has at most {MOST_FILE // MB} MB")
            if not await asyncio.to_thread(kept.room, max(size, MOST_FILE)):
                raise _full()
            await self._check_day(owner)
            draft = await _received(folder / "given", name, body)
            return await self._finish(kept, owner, name, draft)

    async def shown(self, file_id: str) -> File:
        """A file for whoever knows its id. Refused("not_found") for one taken back, too."""

        async def work(tx: Tx) -> File | None:
            return await files.shown(tx, file_id)

        found = await self._store.read(work)
        if found is None:
            raise Refused("not_found", "no such file")
        return found

    def where(self, file_id: str, *, small: bool = False) -> Path:
        """The bytes of a file, or of the smaller picture beside it."""
        return self._place().where(file_id, small=small)

    async def sweep(self) -> None:
        """Remove what nobody says, what was taken back, and what a crash has left."""
        kept = self._place()
        removed = await self._store.write(self._remove_due)
        for file_id in removed:
            await asyncio.to_thread(kept.remove, file_id)
        if removed:
            log.info("%d files removed that no message shows", len(removed))
        listed = await asyncio.to_thread(kept.listed, self._part)
        self._part = (self._part + 1) % PARTS

        async def look(tx: Tx) -> set[str]:
            return await files.known(tx, listed)

        for file_id in set(listed) - (await self._store.read(look) if listed else set()):
            log.warning("file %s has no row and is removed", file_id)
            await asyncio.to_thread(kept.remove, file_id)
        await asyncio.to_thread(kept.sweep)

    async def _finish(self, kept: Files, owner: Owner, name: str, draft: Draft) -> File:
        """From the bytes as they came to a file with its row."""
        file_id, now = FileId(new_id()), self._clock()
        content, small = draft.path, draft.path.with_name("small")
        file = File(
            id=file_id, owner=owner, name=name, type=draft.sort.type, size=draft.size,
            sha256=draft.sha256, created_at=now,
        )  # fmt: skip
        if draft.sort.picture:
            content = draft.path.with_name("content")
            picture = await self._decoding.write_anew(draft.path, content, small)
            size, sha256 = await asyncio.to_thread(_measured, content)
            file = File(
                id=file_id, owner=owner, name=picture_name(name, picture.type), type=picture.type,
                size=size, sha256=sha256, created_at=now, width=picture.width,
                height=picture.height, small=picture.small,
            )  # fmt: skip
        with _writing():
            await asyncio.to_thread(kept.put, file_id, content, small if file.small else None)

        async def work(tx: Tx) -> None:
            await self._check_day_in(tx, owner)
            await files.add(tx, file, due_ms=to_ms(now + UNSAID))

        try:
            await self._store.write(work)
        except BaseException:
            kept.remove(file_id)
            raise
        return file

    async def _remove_due(self, tx: Tx) -> list[str]:
        now = self._clock()
        removed = []
        for file_id, shop_id in await files.due(tx, to_ms(now), SWEPT_AT_ONCE):
            if await files.held(tx, shop_id, file_id):
                await files.put_off(tx, file_id, to_ms(now + LOOK_AGAIN))
            elif await files.remove(tx, file_id, to_ms(now)):
                removed.append(file_id)
        return removed

    async def _check_day(self, owner: Owner) -> None:
        """Before a body is read for nothing; asked again with the row."""

        async def work(tx: Tx) -> None:
            await self._check_day_in(tx, owner)

        await self._store.read(work)

    async def _check_day_in(self, tx: Tx, owner: Owner) -> None:
        if owner.identity_id is None:
            return
        since = to_ms(self._clock() - DAY)
        count, size = await files.kept_for(tx, owner.identity_id, since)
        if count >= MOST_A_DAY or size >= MOST_BYTES_A_DAY:
            raise Refused("rate_limited", "too many files in one day; come again tomorrow")

    @contextmanager
    def _turn(self, owner: Owner) -> Iterator[None]:
        if self._busy.total() >= AT_ONCE or self._busy[owner.key] >= AT_ONCE_EACH:
            raise Refused("rate_limited", "too many files at once; wait 5 s")
        self._busy[owner.key] += 1
        try:
            yield
        finally:
            self._busy[owner.key] -= 1
            if not self._busy[owner.key]:
                del self._busy[owner.key]

    def _place(self) -> Files:
        if self._kept is None:
            raise Refused("unavailable", "no files are kept here")
        return self._kept


async def enclosed(
    tx: Tx, file_id: str, kind: Kind, conversation_id: str, seq: int, owner: Owner
) -> dict[str, object]:
    """Inside the verb that says it: what the message keeps of the file.

    Refused: `not_found` for a file that is not theirs to say, `invalid` for a kind that it is not.
    """
    said = await files.say(
        tx, file_id, conversation_id, seq, shop_id=owner.shop_id, identity_id=owner.identity_id
    )
    found = await files.find(tx, file_id) if said else None
    if found is None:
        raise Refused("not_found", f"no file {file_id[:40]} of yours to send")
    if found.kind is not kind:
        raise Refused("invalid", f"file {file_id} is sent with kind `{found.kind}`")
    return {"file": found.described}


async def taken_back(tx: Tx, message: Message, at_ms: int) -> None:
    """Inside a recall: what the message showed is not shown for it any more."""
    file = (message.data or {}).get("file")
    if file is not None:
        await files.let_go(tx, file["id"], at_ms)


async def _received(path: Path, name: str, body: AsyncIterator[bytes]) -> Draft:
    """Write the body as it comes; the first bytes decide whether there is more to wait for."""
    digest, size, head, sort = hashlib.sha256(), 0, b"", None

    def write(chunk: bytes) -> None:
        file.write(chunk)
        digest.update(chunk)

    with _writing():
        file = path.open("wb")
    with file:
        async for chunk in body:
            size += len(chunk)
            if sort is None:
                head += chunk
                sort = sort_of(name, head) if len(head) >= HEAD else None
            most = MOST_PICTURE if sort is not None and sort.picture else MOST_FILE
            if size > most:
                raise Refused("too_large", f"a file of this kind has at most {most // MB} MB")
            with _writing():
                await asyncio.to_thread(write, chunk)
        with _writing():
            file.flush()
    return Draft(path, sort or sort_of(name, head), size, digest.hexdigest())


def _measured(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _writing() -> Iterator[None]:
    """Around what the disk may refuse; what a connection fails with is an OSError too."""
    try:
        yield
    except OSError as failure:
        log.error("a file cannot be kept: %s", failure)
        if failure.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full() from failure
        raise Refused("unavailable", "the file cannot be kept now; try again") from failure


def _full() -> Refused:
    return Refused("unavailable", "there is no room for more files; tell the shop")
