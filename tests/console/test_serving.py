"""A server's life: what stops it from starting, what it says once, and how it ends."""

import os
import signal
import socket
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.model.refusal import Refused
from console.settings import from_environment
from console.store import sqlite_file
from console.store.migrate import HEAD
from tests.program import Program
from tests.servers import stop

STOP_S = 20.0


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """On a path longer than a Unix socket's name may be."""
    deep = tmp_path_factory.mktemp("served") / ("很深的文件夹" * 12) / "data"
    deep.parent.mkdir()
    one = Program(deep)
    one.start()
    yield one
    assert one.process is not None
    stop(one.process)


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """An installation that nobody serves."""
    one = Program(tmp_path_factory.mktemp("closed") / "data")
    one.cli("agent", "list")
    return one


def refused(one: Program, *words: str) -> str:
    """What a server that cannot start says; it exits with 1 and without a traceback."""
    done = one.cli("serve", "--port", "0", *words, check=False)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_long_path_has_a_control_socket_too(served: Program) -> None:
    assert len(os.fsencode(served.data / "control")) > 108
    assert (served.data / "control").stat().st_mode & 0o777 == 0o600
    assert served.ask("agent list", {"json": False})["out"].startswith("owner\t")
    assert "owner" in served.cli("agent", "list").stdout


def test_the_folder_is_the_owners_alone(served: Program) -> None:
    assert (served.data / "secret").stat().st_mode & 0o777 == 0o600
    assert served.data.stat().st_mode & 0o777 == 0o700


def test_one_server_a_folder(served: Program) -> None:
    assert f"a server is running on {served.data}" in refused(served)
    assert served.get("/readyz")[0] == 200


def test_a_port_in_use_is_named(closed: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused(closed, "--port", port)
    assert f"port {port} on 127.0.0.1 cannot be used" in said
    assert "--port" in said


@pytest.mark.parametrize("place", ["below a file", "in a pseudo file system"])
def test_a_folder_that_cannot_be_written_is_named(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    folder = tmp_path / "file" / "data" if place == "below a file" else Path("/proc/nothing/data")
    one = Program(folder)
    for words in (("serve", "--port", "0"), ("agent", "list")):
        done = one.cli(*words, check=False)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False)
        assert f"the data folder {folder} cannot be written" in done.stderr


def test_a_database_that_cannot_be_reached_is_named(tmp_path: Path) -> None:
    one = Program(tmp_path / "data")
    one.data.mkdir()
    sqlite_file(one.data).mkdir()
    assert f"the database {sqlite_file(one.data)} cannot be read" in refused(one)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    one.environ["CONSOLE_DATABASE_URL"] = f"postgresql://x:geheim@127.0.0.1:{port}/shop"
    said = refused(one)
    assert "PostgreSQL cannot be reached" in said
    assert "geheim" not in said


def test_a_newer_database_is_left_as_it_is(closed: Program, tmp_path: Path) -> None:
    one = Program(tmp_path / "data")
    one.data.mkdir()
    file = sqlite_file(one.data)
    with sqlite3.connect(sqlite_file(closed.data)) as source, sqlite3.connect(file) as copy:
        source.backup(copy)
        copy.execute("UPDATE alembic_version SET version_num = '9999'")
    source.close()
    copy.close()
    before = file.read_bytes()
    for said in (refused(one), one.cli("agent", "list", check=False).stderr):
        assert "9999" in said
        assert HEAD in said
        assert "nothing was changed" in said
    assert one.cli("migrate", check=False).returncode == 1
    assert file.read_bytes() == before


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    one = Program(tmp_path / "data")
    one.data.mkdir()
    sqlite_file(one.data).write_bytes(b"not a database, but long enough to be looked at" * 40)
    said = refused(one)
    assert "dianxiaoer.db" in said
    assert "not a database" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [("port", "http"), ("port", "70000"), ("agent_grace_s", "-1"), ("log_level", "loud")],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(Refused, match=name):
        from_environment({f"CONSOLE_{name.upper()}": value})


def test_a_wrong_setting_is_told(tmp_path: Path) -> None:
    for name, value, said in (("PORT", "http", "port"), ("SECRET", "short", "CONSOLE_SECRET")):
        one = Program(tmp_path / "data", environ={f"CONSOLE_{name}": value})
        done = one.cli("agent", "list", check=False)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False)
        assert said in done.stderr


def test_a_broken_faq_does_not_keep_the_shop_closed(tmp_path: Path) -> None:
    faq = tmp_path / "faq.yaml"
    faq.write_text("version: 1\nentries:\n  - id: x\n    question: [\n", "utf-8")
    one = Program(tmp_path / "data", environ={"CONSOLE_FAQ": str(faq)})
    one.start()
    try:
        assert one.get("/readyz")[0] == 200
        assert "faq.yaml:5 " in one.said or "faq.yaml:4 " in one.said, one.said
        assert "was not read; `run.py kb check` lists them" in one.said
        first = one.owner_password
        assert one.stop() == 0
        one.start()
        assert one.said.count(first) == 1
        assert one.owner_password == first, "said on the first start only"
    finally:
        assert one.process is not None
        stop(one.process)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_told(closed: Program, how: signal.Signals) -> None:
    closed.start()
    assert closed.process is not None
    with socket.create_connection(("127.0.0.1", closed.port)) as idle:
        idle.sendall(b"GET /healthz HTTP/1.1\r\n")  # never finished
        began = time.monotonic()
        closed.process.send_signal(how)
        assert closed.process.wait(timeout=STOP_S) == 0
    assert time.monotonic() - began < STOP_S
    assert not (closed.data / "control").exists()
    assert "Traceback" not in closed.said
    assert closed.cli("agent", "list").returncode == 0


def test_doctor_says_what_it_found(served: Program, closed: Program, tmp_path: Path) -> None:
    served.environ["CONSOLE_PORT"] = str(served.port)
    beside = served.cli("doctor")
    assert "a server is running on it" in beside.stdout
    assert f"! port 127.0.0.1:{served.port} is in use" in beside.stdout
    quiet = closed.cli("doctor")
    assert f"✓ data folder {closed.data}: free" in quiet.stdout
    for word in ("Python 3.", "SQLite 3.", "expat", "aiohttp", "python-socketio", "GB free for"):
        assert word in quiet.stdout
    assert "✓ /metrics is for this machine alone" in quiet.stdout
    closed.environ["CONSOLE_METRICS_TOKEN"] = "kurz"
    told = closed.cli("doctor").stdout
    del closed.environ["CONSOLE_METRICS_TOKEN"]
    assert "! CONSOLE_METRICS_TOKEN is short" in told
    assert "✓ /metrics is for whoever has CONSOLE_METRICS_TOKEN" in told
    assert "kurz" not in told
    (tmp_path / "file").touch()
    ill = Program(tmp_path / "file" / "data").cli("doctor", check=False)
    assert (ill.returncode, "✗ the data folder" in ill.stdout) == (1, True)


def test_migrating_twice_changes_nothing(closed: Program) -> None:
    assert closed.cli("migrate").stdout == f"schema {HEAD} already\n"


def test_a_command_survives_a_socket_left_over(closed: Program) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(closed.data / "control"))
    left.close()
    assert "owner" in closed.cli("agent", "list").stdout
    assert "left over" in closed.cli("doctor").stdout
    (closed.data / "control").unlink()
