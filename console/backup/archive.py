"""The file of a backup. It is written beside its name and renamed when whole; before anything is
taken from it, every byte of it has been read and checked."""

import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

import msgspec
import orjson

from console.model.refusal import Refused

FORMAT = 1
PRODUCT = "dianxiaoer"
MANIFEST = "manifest.json"
SECRET = "secret"
UPLOADS = "uploads"
COMPRESSION = 3
CHUNK = 1024 * 1024

Row = Sequence[Any]


class Rows(msgspec.Struct, frozen=True):
    """One table: the order of the values in a line, and how many lines there are."""

    name: str
    columns: list[str]
    rows: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the file says of itself; `tables` stand in an order in which they can be filled."""

    product: str
    format: int
    schema: str
    epoch: str
    at: str
    database: str
    tables: list[Rows]

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.tables)


class Writer:
    """Fill it inside `with`; the file appears under its name after `seal`, or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beside = path.with_name(f".{path.name}.{os.getpid()}.new")
        try:
            descriptor = os.open(self._beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as failure:
            raise _unwritable(path, failure) from failure
        self._file = os.fdopen(descriptor, "w+b")
        self._zip = ZipFile(self._file, "w", ZIP_DEFLATED, compresslevel=COMPRESSION)

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        failure: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(OSError, ValueError):  # closed already, or no room for its last bytes
            self._zip.close()
        self._file.close()
        self._beside.unlink(missing_ok=True)
        if isinstance(failure, OSError):
            raise _unwritable(self._path, failure) from failure

    @contextmanager
    def table(self, name: str) -> Iterator[IO[bytes]]:
        """Takes lines made by `line`."""
        with self._zip.open(_info(f"tables/{name}.jsonl"), "w", force_zip64=True) as member:
            yield member

    def file(self, name: str, source: Path) -> None:
        with (
            source.open("rb") as origin,
            self._zip.open(_info(name), "w", force_zip64=True) as member,
        ):
            while chunk := origin.read(CHUNK):
                member.write(chunk)

    def seal(self, manifest: Manifest) -> None:
        self._zip.writestr(_info(MANIFEST), msgspec.json.encode(manifest))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._beside.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def line(row: Row) -> bytes:
    return orjson.dumps(row) + b"\n"


class Archive:
    """A backup that was read whole and found right. Open it with `examined`."""

    def __init__(self, path: Path, manifest: Manifest, files: list[str]) -> None:
        self._path = path
        self.manifest = manifest
        self.files = files

    def batches(self, table: Rows, size: int) -> Iterator[list[Row]]:
        """The rows of a table, `size` at a time."""
        with ZipFile(self._path) as opened:
            batch: list[Row] = []
            for row in _rows(opened, table):
                batch.append(row)
                if len(batch) == size:
                    yield batch
                    batch = []
            if batch:
                yield batch

    def extract(self, name: str, target: Path) -> None:
        """Write one of `files` out, for its owner's eyes only."""
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with ZipFile(self._path) as opened, os.fdopen(descriptor, "wb") as file:
            for chunk in _chunks(opened, name):
                file.write(chunk)


def examined(path: Path) -> Archive:
    """Read the whole file. Raises Refused("invalid") for one that is damaged, or not ours."""
    try:
        with ZipFile(path) as opened:
            return _examined(path, opened)
    except FileNotFoundError as missing:
        raise Refused("not_found", f"{path}: no such file") from missing
    except (IsADirectoryError, PermissionError) as failure:
        raise Refused("unavailable", f"{path}: {failure.strerror}") from failure
    except (
        BadZipFile,
        EOFError,
        KeyError,
        NotImplementedError,  # a damaged byte may name another method of compression,
        RuntimeError,  # or say that a member is encrypted
        OSError,
        ValueError,
        msgspec.MsgspecError,
        zlib.error,
    ) as wrong:
        raise Refused(
            "invalid", f"{path} is damaged or no backup; nothing was changed ({wrong})"
        ) from wrong


def _examined(path: Path, opened: ZipFile) -> Archive:
    manifest = msgspec.json.decode(opened.read(MANIFEST), type=Manifest)
    if manifest.product != PRODUCT:
        raise ValueError(f"it is of {manifest.product}")
    if manifest.format > FORMAT:
        raise Refused(
            "conflict",
            f"{path} has format {manifest.format}, this program reads up to {FORMAT}: "
            "update the program, nothing was changed",
        )
    tables = {f"tables/{one.name}.jsonl" for one in manifest.tables}
    files = [name for name in opened.namelist() if name != MANIFEST and name not in tables]
    for name in files:
        _check_place(name)
        for _ in _chunks(opened, name):
            pass
    for table in manifest.tables:
        found = 0
        for row in _rows(opened, table):
            if not isinstance(row, list) or len(row) != len(table.columns):
                raise ValueError(f"{table.name}: line {found + 1} is no row")
            found += 1
        if found != table.rows:
            raise ValueError(f"{table.name}: {found} rows, {table.rows} were promised")
    return Archive(path, manifest, files)


def _check_place(name: str) -> None:
    """A member lands in the data folder, nowhere else."""
    place = PurePosixPath(name)
    inside = place.parts[:1] == (UPLOADS,) and ".." not in place.parts and "\\" not in name
    if name != SECRET and not (inside and len(place.parts) > 1):
        raise ValueError(f"{name!r} does not belong in a backup")


def _rows(opened: ZipFile, table: Rows) -> Iterator[Row]:
    with opened.open(f"tables/{table.name}.jsonl") as member:
        for text in member:
            yield orjson.loads(text)


def _chunks(opened: ZipFile, name: str) -> Iterator[bytes]:
    with opened.open(name) as member:
        while chunk := member.read(CHUNK):
            yield chunk


def _info(name: str) -> ZipInfo:
    """Without the time of day: the same content makes the same bytes."""
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _unwritable(path: Path, failure: OSError) -> Refused:
    return Refused("unavailable", f"{path} cannot be written: {failure.strerror}")
