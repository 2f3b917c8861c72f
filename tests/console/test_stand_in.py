"""`sandbox wechat`: its inboxes are made once, by the way of `inbox add`, and remembered."""

import json
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from console import stand_in
from console.model.refusal import Refused
from sandbox import Kind
from tests.program import ROOT
from tests.servers import free_port

API = "http://127.0.0.1:8060"
CONSOLE = "http://127.0.0.1:8000/"


class Installation:
    """Answers as the commands do; knows the kinds it is given."""

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds
        self.added: list[dict[str, Any]] = []

    def do(self, request: dict[str, Any]) -> dict[str, Any]:
        args = request["args"]
        if request["name"] == "inbox list":
            return self._reply("\n".join(json.dumps({"id": one["id"]}) for one in self.added))
        assert request["name"] == "inbox add"
        if args["kind"] not in self.kinds:
            return {"code": 1, "out": "", "err": f"no channel of kind {args['kind']!r}"}
        row = {"id": f"i{len(self.added)}", **args}
        self.added.append(row)
        return self._reply(json.dumps(row))

    def _reply(self, out: str) -> dict[str, Any]:
        return {"code": 0, "out": out, "err": ""}


def prepared(folder: Path, installation: Installation, api: str = API) -> list[Any]:
    return stand_in.prepare(folder, installation.do, api=api, console=CONSOLE, lang="en")


def test_one_inbox_for_each_product(tmp_path: Path) -> None:
    shop = Installation("wechat", "wecom")
    accounts = prepared(tmp_path, shop)
    assert [one.kind for one in accounts] == list(Kind)
    assert [one["kind"] for one in shop.added] == ["wechat", "wechat", "wecom"]
    assert [one.hook for one in accounts] == [f"{CONSOLE}hooks/i{n}" for n in range(3)]
    shared = {"token", "encoding_aes_key", "api_base"}
    assert set(shop.added[0]["set"]) == shared | {"app_id", "app_secret"}
    assert set(shop.added[2]["set"]) == shared | {"corp_id", "secret", "open_kfid"}
    assert shop.added[0]["set"]["app_secret"] == accounts[0].secret
    assert (tmp_path / stand_in.FILE).stat().st_mode & 0o777 == 0o600


def test_the_second_time_they_are_there(tmp_path: Path) -> None:
    shop = Installation("wechat", "wecom")
    assert prepared(tmp_path, shop) == prepared(tmp_path, shop)
    assert len(shop.added) == 3


def test_a_new_database_gets_them_anew(tmp_path: Path) -> None:
    before = prepared(tmp_path, Installation("wechat", "wecom"))
    shop = Installation("wechat", "wecom")
    after = prepared(tmp_path, shop, api="http://127.0.0.1:9000")
    assert [one.secret for one in after] == [one.secret for one in before]
    assert shop.added[0]["set"]["api_base"] == "http://127.0.0.1:9000"


def test_another_port_is_refused_where_inboxes_send_to_the_first(tmp_path: Path) -> None:
    shop = Installation("wechat", "wecom")
    prepared(tmp_path, shop)
    with pytest.raises(Refused, match=r"send to .*:8060, not .*:9:"):
        prepared(tmp_path, shop, api="http://127.0.0.1:9")
    assert stand_in.port_of(tmp_path, None) == 8060
    assert stand_in.port_of(tmp_path, 9) == 9


def test_a_kind_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="inbox add: no channel of kind 'wecom'"):
        prepared(tmp_path, Installation("wechat"))
    shop = Installation("wechat", "wecom")
    assert len(prepared(tmp_path, shop)) == 3


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / stand_in.FILE).write_text("{")
    with pytest.raises(Refused, match=r"sandbox\.json"):
        stand_in.port_of(tmp_path, None)


def test_the_command(tmp_path: Path) -> None:
    """Makes its inboxes, and serves the page until it is interrupted."""
    port = free_port()
    argv = [sys.executable, "-m", "console.cli", "sandbox", "wechat", "--port", str(port)]
    process = subprocess.Popen(
        [*argv, "--data", str(tmp_path / "data")],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    said = process.stdout.readline()
    assert said.strip().endswith(f"http://127.0.0.1:{port}")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
        assert b'<div id="root">' in page.read()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130
