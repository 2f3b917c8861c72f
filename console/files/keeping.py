"""The bytes of files by id. What an object store would do in its place is this much: make room for
a draft, put, say where, remove, and list what there is.

A file is written in a folder of its own beside the others, brought to the disk, and renamed into
its place; a crash leaves a draft, which is removed later, and never half a file under an id.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UPLOADS = "uploads"
# outside `uploads`, so that a backup holds no halves
DRAFTS = "uploading"
SMALL = ".small"
# what the database and the rest of the machine need more than files do
KEPT_FREE = 64 * 1024 * 1024
FORGOTTEN_S = 3600.0


class Files:
    """Ids are of hex digits; a file with a smaller picture beside it has two parts."""

    def __init__(self, data: Path) -> None:
        self._kept = data / UPLOADS
        self._drafts = data / DRAFTS

    def room(self, size: int) -> bool:
        """Whether that many bytes more would fit."""
        self._drafts.mkdir(mode=0o700, parents=True, exist_ok=True)
        return shutil.disk_usage(self._drafts).free > size + KEPT_FREE

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """A folder of one's own, gone afterwards."""
        self._drafts.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=self._drafts))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def put(self, file_id: str, content: Path, small: Path | None) -> None:
        """Both parts are on the disk when this returns, the content last; or OSError, and neither
        is."""
        target = self._place(file_id)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            for source, end in ((small, SMALL), (content, "")):
                if source is not None:
                    _sync(source)
                    source.replace(target.with_name(target.name + end))
            for folder in (target.parent, target.parent.parent, self._kept):
                _sync(folder)
        except OSError:
            self.remove(file_id)
            raise

    def where(self, file_id: str, *, small: bool = False) -> Path:
        target = self._place(file_id)
        return target.with_name(target.name + SMALL) if small else target

    def remove(self, file_id: str) -> None:
        for small in (False, True):
            self.where(file_id, small=small).unlink(missing_ok=True)

    def listed(self, part: int) -> list[str]:
        """The ids of one of 256 parts that have been there for a while."""
        since = time.time() - FORGOTTEN_S
        return sorted(
            {
                path.name.removesuffix(SMALL)
                for path in (self._kept / f"{part:02x}").glob("*/*")
                if path.stat().st_mtime < since
            }
        )

    def sweep(self) -> None:
        """Remove drafts that somebody died over."""
        since = time.time() - FORGOTTEN_S
        for folder in self._drafts.glob("*"):
            if folder.stat().st_mtime < since:
                shutil.rmtree(folder, ignore_errors=True)

    def _place(self, file_id: str) -> Path:
        return self._kept / file_id[:2] / file_id[2:4] / file_id


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
