"""Nothing that a bench starts outlives it, and a server that fails says why."""

import os
import sys
import time
from pathlib import Path

import pytest

from bench.programs import BenchFailed, free_port, on_core, serving, workshop

SERVER_WITH_CHILD = """
import http.server, pathlib, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[2]).write_text(str(child.pid))
class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""


def test_the_servers_children_end_with_it(tmp_path: Path) -> None:
    port, note = free_port(), tmp_path / "child"
    command = [sys.executable, "-c", SERVER_WITH_CHILD, str(port), str(note)]
    with serving(command, port=port, log=tmp_path / "log", environment={}, pinned=True) as running:
        assert running.processor_s() > 0
        assert running.resident_mib() > 1
        assert alive(int(note.read_text()))
    assert gone(int(note.read_text()))


def test_a_server_that_does_not_start_is_quoted(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('the disk is on fire')"]
    with (
        pytest.raises(BenchFailed, match=r"ended with 1:\nthe disk is on fire"),
        serving(command, port=free_port(), log=tmp_path / "log", environment={}, pinned=False),
    ):
        pytest.fail("the server cannot have been ready")


def test_pinning_is_undone() -> None:
    before = os.sched_getaffinity(0)
    with on_core(0):
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == before


def test_the_workshop_is_swept() -> None:
    with workshop() as folder:
        (folder / "relay.db").touch()
    assert not folder.exists()


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def gone(pid: int) -> bool:
    until = time.monotonic() + 5
    while alive(pid):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
