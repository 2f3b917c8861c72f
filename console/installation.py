"""One installation opened over its data folder: migrated, with a shop in it, ready for verbs."""

import asyncio
import logging
import secrets
from dataclasses import dataclass
from pathlib import Path

from channels import REGISTRY
from console import folder
from console.clock import wall_clock
from console.desk import Desk
from console.desk.matchers import Matchers
from console.encoder import open_encoder
from console.failpoints import Failpoints
from console.files.keeping import Files
from console.model.words import Role, ShopId, new_id, to_ms
from console.seal import Seal
from console.settings import Settings
from console.shipped import FAQ
from console.store import Store, Tx, open_store, places, sqlite_file
from console.store.migrate import ensure

log = logging.getLogger(__name__)

SHOP = "我的店铺"
GROUPS = ["售前", "售中", "售后"]
OWNER = "owner"
OWNER_CAPACITY = 20
INDEXES = "matching"


@dataclass(slots=True)
class Installation:
    """`owner_password` is there on the first start only."""

    settings: Settings
    store: Store
    desk: Desk
    shop_id: ShopId
    owner_password: str | None
    _seen: tuple[int, ...] = ()

    @property
    def wal(self) -> Path | None:
        """The log that SQLite writes ahead; PostgreSQL keeps its own."""
        file = sqlite_file(self.settings.folder)
        return None if self.settings.postgres else file.with_name(f"{file.name}-wal")

    async def seed(self) -> None:
        """Take the shop's faq.yaml into an empty shelf, or merge what changed in it since."""
        path = Path(self.settings.faq) if self.settings.faq else FAQ
        self._seen = await asyncio.to_thread(_stamp, path)
        try:
            data = await asyncio.to_thread(path.read_bytes)
        except OSError as missing:
            log.warning("no %s (%s): the entries stay as they are", path, missing.strerror)
            return
        own = bool(self.settings.faq)
        done = await self.desk.importing.seed(self.shop_id, data, file=path.name, own=own)
        if done is None:
            return
        for finding in done.findings:
            if finding.severity == "error":
                log.error("%s:%s %s", finding.file, finding.line, finding.message("en"))
        if done.failed:
            log.error("%s has errors and was not read; `run.py kb check` lists them", path.name)
            return
        log.info("%s: %d new, %d changed", path.name, done.new, done.changed)
        if done.conflicts:
            log.warning("%s: changed on both sides, left alone: %s", path.name, done.conflicts)

    async def follow(self) -> None:
        """Merge the file that `CONSOLE_FAQ` names, when it is another than at the last look."""
        if not self.settings.faq:
            return
        if await asyncio.to_thread(_stamp, Path(self.settings.faq)) != self._seen:
            await self.seed()

    async def close(self) -> None:
        await self.desk.importing.close()
        self.desk.library.close()
        await self.store.close()


async def open_installation(
    settings: Settings, failpoints: Failpoints | None = None
) -> Installation:
    """Open what is in the data folder, or make it. Raises Refused with what stands in the way."""
    place = settings.folder
    folder.prepare(place)
    secret = folder.secret(place, settings.secret)
    await ensure(place, settings.postgres)
    store = await open_store(place, settings.postgres, failpoints)
    try:
        matchers = Matchers(place / INDEXES, open_encoder(settings.encoder))
        desk = Desk(
            store, wall_clock, Seal(secret), REGISTRY, matchers=matchers,
            grace_s=settings.agent_grace_s, failpoints=failpoints, node=folder.node(place),
            files=Files(place), public_url=settings.public_url,
        )  # fmt: skip
        shop = await store.read(places.first_shop)
        password = None
        if shop is None:
            password = secrets.token_urlsafe(12)
            shop_id = await _first_start(store, desk, password)
        else:
            shop_id = shop[0]
        await desk.load()
    except BaseException:
        await store.close()
        raise
    return Installation(settings, store, desk, shop_id, password)


def _stamp(path: Path) -> tuple[int, ...]:
    """Another one where a file was written again, or replaced; none where there is no file."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_mtime_ns, found.st_size, found.st_ino)


async def _first_start(store: Store, desk: Desk, password: str) -> ShopId:
    shop_id = ShopId(new_id())

    async def work(tx: Tx) -> None:
        await places.add_shop(tx, shop_id, SHOP, to_ms(wall_clock()))

    await store.write(work)
    await desk.entrance.add_groups(shop_id, GROUPS)
    await desk.entrance.add_agent(
        shop_id, OWNER, password=password, role=Role.OWNER, capacity=OWNER_CAPACITY, groups=GROUPS
    )
    await desk.inboxes.add(shop_id, "widget", "default", {})
    return shop_id
