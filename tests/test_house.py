"""The house: who may import whom, as a table; lengths, names, docstrings; and that these checks
catch what they are for."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import house
from tests.house import Module

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = (
    "run.py",
    "hatch_build.py",
    "bootstrap",
    "channels",
    "knowledge",
    "console",
    "sandbox",
)
ALL = house.modules(ROOT, [*PROGRAM, "bench", "tests"])
OURS = [one for one in ALL if one.name.partition(".")[0] not in ("bench", "tests")]
NAMES = frozenset(one.name for one in ALL)

# `x.*` is the package and everything below it; the most exact rule counts.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "run": ("bootstrap.*",),
    "hatch_build": ("bootstrap.*",),
    "bootstrap.*": ("bootstrap.*",),
    "channels": ("channels.*",),
    "channels.base": ("channels.abilities",),
    "channels.abilities": ("channels.seams",),
    "channels.seams": (),
    "channels.*": ("channels.base",),
    # one provider, two products: envelopes, calls and files are the same, and written once
    "channels.wechat_crypto": ("channels.base",),
    "channels.wechat_body": (),
    "channels.wechat_inbound": ("channels.base", "channels.wechat_body"),
    "channels.wechat_api": ("channels.base",),
    "channels.wechat_media": ("channels.base", "channels.wechat_api"),
    "channels.wechat_check": ("channels.base", "channels.wechat_api"),
    "channels.wechat": (
        "channels.base",
        "channels.wechat_api",
        "channels.wechat_body",
        "channels.wechat_check",
        "channels.wechat_crypto",
        "channels.wechat_inbound",
        "channels.wechat_media",
    ),
    "channels.wecom_inbound": (
        "channels.base",
        "channels.wechat_body",
        "channels.wechat_inbound",
    ),
    "channels.wecom": (
        "channels.base",
        "channels.wechat_api",
        "channels.wechat_body",
        "channels.wechat_check",
        "channels.wechat_crypto",
        "channels.wechat_media",
        "channels.wecom_inbound",
    ),
    "knowledge.*": ("knowledge.*",),
    "console": (),
    "console.model.*": ("console.model.*",),
    "console.clock": (),
    "console.control": (),
    "console.process": (),
    "console.tasks": (),
    "console.telemetry": (),
    "console.lag": ("console.telemetry",),
    "console.logs": (),
    "console.ending": ("console.web.sockets", "console.web.vitals"),
    "console.failpoints": (),
    "console.events": ("console.failpoints", "console.model.*"),
    "console.folder": ("console.model.*",),
    "console.seal": ("console.model.*",),
    "console.shipped": (),
    "console.settings": ("console.model.*",),
    "console.trial": ("console.model.*", "knowledge.*"),
    "console.encoder": ("console.model.*", "knowledge"),
    "console.indexing": ("console.desk.matchers", "console.process"),
    "console.store.*": (
        "console.store.*",
        "console.failpoints",
        "console.model.*",
        "console.tasks",
        "console.telemetry",
    ),
    # the decoder runs alone, with nothing of ours about it
    "console.files.decoder": (),
    "console.files.*": ("console.files.*", "console.model.*"),
    "console.desk.*": (
        "console.desk.*",
        "console.files.*",
        "console.store.*",
        "console.events",
        "console.failpoints",
        "console.model.*",
        "console.clock",
        "console.seal",
        "console.tasks",
        "knowledge.*",
        "channels.base",
    ),
    "console.web.*": (
        "console.web.*",
        "console.desk.*",
        "console.events",
        "console.model.*",
        "console.tasks",
        "console.telemetry",
    ),
    # rows of files as they are shown, and what was found in them
    "console.web.import_wire": (
        "console.web.*",
        "console.desk.*",
        "console.model.*",
        "knowledge.*",
    ),
    # the widget's namespace is its channel's own socket
    "console.web.widget_live": (
        "console.web.*",
        "console.desk.*",
        "console.events",
        "console.model.*",
        "console.tasks",
        "console.telemetry",
        "channels.base",
        "channels.widget",
    ),
    "console.jobs": (
        "console.desk.*",
        "console.collector",
        "console.failpoints",
        "console.lag",
        "console.outbox",
        "console.profiler",
        "console.puller",
        "console.tasks",
        "console.telemetry",
        "console.typing_signs",
        "console.web.floods",
        "console.web.sockets",
    ),
    # the widget's other door: which inboxes are its own is its channel's to say
    "console.web.files_api": (
        "console.web.*",
        "console.desk.*",
        "console.model.*",
        "channels.widget",
    ),
    # what a check found is the channel's sentence
    "console.web.inbox_wire": ("console.desk.*", "channels.base"),
    # the lines to a provider, for a try of its settings, are handed in by `console.app`
    "console.web.inboxes_api": (
        "console.web.*",
        "console.desk.*",
        "console.model.*",
        "channels.base",
    ),
    # what a provider posts is the channel's to read
    "console.web.hooks": (
        "console.web.*",
        "console.desk.*",
        "console.model.*",
        "channels.base",
    ),
    "console.outbox": (
        "console.desk.*",
        "console.events",
        "console.model.*",
        "console.tasks",
        "channels.base",
    ),
    "console.collector": (
        "console.desk.*",
        "console.events",
        "console.model.*",
        "console.outbox",
        "console.tasks",
        "channels.base",
    ),
    "console.profiler": (
        "console.desk.*",
        "console.events",
        "console.model.*",
        "console.outbox",
        "channels.base",
    ),
    "console.puller": (
        "console.desk.*",
        "console.events",
        "console.model.*",
        "console.outbox",
        "console.tasks",
        "channels.base",
    ),
    "console.typing_signs": (
        "console.desk.*",
        "console.events",
        "console.model.*",
        "console.outbox",
        "channels.base",
    ),
    "console.installation": (
        "channels",
        "console.clock",
        "console.desk.*",
        "console.encoder",
        "console.failpoints",
        "console.files.*",
        "console.folder",
        "console.model.*",
        "console.seal",
        "console.settings",
        "console.shipped",
        "console.store.*",
    ),
    "console.commands": (
        "console.desk.*",
        "console.installation",
        "console.model.*",
        "knowledge.formats",
    ),
    # a whole installation in and out of a file, beside the server
    "console.backup.*": (
        "console.backup.*",
        "console.folder",
        "console.model.*",
        "console.settings",
        "console.store.*",
    ),
    # fills a database with talks that never took place, which no verb of the desk can
    "console.demo.*": (
        "console.clock",
        "console.desk.*",
        "console.installation",
        "console.model.*",
        "console.store.*",
        "console.web.pages",
    ),
    # inboxes for the stand-in, with secrets that both sides know
    "console.stand_in": ("console.model.*", "sandbox"),
    # a demo brings the far end of a channel along
    "console.demo.phone": (
        "console.model.*",
        "console.stand_in",
        "sandbox.application",
    ),
    "console.app": (
        "console.commands",
        "console.control",
        "console.demo.*",
        "console.ending",
        "console.failpoints",
        "console.folder",
        "console.installation",
        "console.jobs",
        "console.lag",
        "console.model.*",
        "console.outbox",
        "console.process",
        "console.settings",
        "console.shipped",
        "console.tasks",
        "console.web.*",
    ),
    "console.doctor": (
        "console.control",
        "console.folder",
        "console.model.*",
        "console.settings",
        "console.shipped",
    ),
    "console.cli": (
        "bench",
        "console.app",
        "console.backup",
        "console.commands",
        "console.control",
        "console.doctor",
        "console.encoder",
        "console.folder",
        "console.installation",
        "console.logs",
        "console.model.*",
        "console.process",
        "console.settings",
        "console.shipped",
        "console.stand_in",
        "console.store.migrate",
        "console.trial",
        "knowledge.formats",
        "sandbox",
    ),
    # the other end of a channel shares nothing with ours
    "sandbox.*": ("sandbox.*",),
    # benches drive the program from outside, as a process
    "bench.*": ("bench.*", "bootstrap.*"),
    # but a match is a call, and knowledge is pure
    "bench.matching.*": ("bench.*", "bootstrap.*", "console.encoder", "knowledge.*"),
    # the far end's own hand at sealing: what is measured must not seal for itself
    "bench.wechat.*": ("bench.*", "bootstrap.*", "sandbox.secure"),
    "bench.learn": ("bench.*", "bootstrap.*", "knowledge.*"),
    "tests.*": (
        "bench.*",
        "bootstrap.*",
        "channels.*",
        "console.*",
        "hatch_build",
        "knowledge.*",
        "run",
        "sandbox.*",
        "tests.*",
    ),
}
DATABASES = frozenset({"aiosqlite", "alembic", "asyncpg", "sqlalchemy", "sqlite3"})
WORLD = DATABASES | {"aiohttp", "asyncio", "socket", "socketio", "subprocess", "time", "urllib"}
WITHOUT: dict[str, frozenset[str]] = {
    "channels.": DATABASES,
    "knowledge.": WORLD,
    "sandbox.": DATABASES | {"socketio", "engineio"},
    "console.model": WORLD | {"orjson"},  # msgspec makes its values, and reads nothing there
    "console.desk": DATABASES | {"aiohttp", "socketio", "engineio"},
    "console.web": DATABASES,
}


def test_every_arrow_points_down() -> None:
    assert house.forbidden_imports(ALL, MAY_IMPORT) == []


def test_no_rule_is_left_over() -> None:
    used = {house.rule_of(one.name, MAY_IMPORT) for one in ALL}
    assert set(MAY_IMPORT) - used <= {"bench.*", "hatch_build"}


def test_no_ring_of_imports() -> None:
    assert house.cycles(OURS) == []


def test_no_import_is_hidden() -> None:
    said = house.said_once(ALL)
    wrong = [
        line
        for one in ALL
        for line in house.hidden_imports(one, NAMES, said[one.name.partition(".")[0]])
    ]
    assert wrong == []


def test_packages_stay_away_from_the_world() -> None:
    wrong = [
        line
        for one in OURS
        for prefix, unwanted in WITHOUT.items()
        if one.name.startswith(prefix)
        for line in house.foreign_imports(one, unwanted)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "rule", [house.badly_named, house.undescribed], ids=lambda one: one.__name__
)
def test_every_module_says_what_it_is(rule: Callable[[Module], list[str]]) -> None:
    assert [line for one in ALL for line in rule(one)] == []


def test_the_tail_is_short() -> None:
    kept = [one for one in ALL if not one.name.startswith("console.store.migrations.versions.")]
    assert [line for one in kept for line in house.too_long(one)] == []


def test_browser_sources_are_short() -> None:
    sources = [*(ROOT / "static/src").rglob("*.ts*"), *(ROOT / "static").glob("*.mjs")]
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in sources}
    assert {name: length for name, length in lengths.items() if length > house.MAX_FILE} == {}
    assert lengths


def test_only_the_store_speaks_sql() -> None:
    others = [one for one in OURS if not one.name.startswith("console.store")]
    assert [line for one in others for line in house.speaks_sql(one)] == []
    assert any(house.speaks_sql(one) for one in OURS)


def test_tasks_are_made_in_one_place() -> None:
    console = [one for one in OURS if one.name.startswith("console.")]
    assert {line.partition(":")[0] for one in console for line in house.own_tasks(one)} == {
        "console.tasks"
    }
