"""The lock files, the one command of CI, and what a wheel of ours holds."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hatchling.build import get_requires_for_build_wheel
from packaging.requirements import Requirement
from packaging.version import Version

from bootstrap.places import ROOT

LOCKS = ("build", "node", "serve", "test")
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
# the oldest releases without a known hole; a package that is not used is not looked for
FLOORS = {
    "aiohttp": "3.14.5",
    "jinja2": "3.1.6",
    "pillow": "12.3.0",
    "python-engineio": "4.13.3",
    "python-socketio": "5.16.4",
    "redis": "5",
}
FLOORS_OF_BROWSER = {"socket.io-parser": "4.2.6"}
PACKAGES = ("channels", "console", "knowledge", "sandbox")


def locked(name: str) -> dict[str, Version]:
    """The lowest version locked for each package: a lock may hold one for each Python."""
    versions: dict[str, Version] = {}
    for package, version in re.findall(r"^([\w.-]+)==([\w.]+)", _lock_text(name), re.MULTILINE):
        versions[package] = min(versions.get(package, Version(version)), Version(version))
    return versions


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_a_hash_and_no_address(name: str) -> None:
    text = _lock_text(name)
    assert "://" not in text
    assert "--index" not in text
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry.splitlines()[0]


@pytest.mark.parametrize("name", LOCKS)
def test_locked_versions_are_above_the_floors(name: str) -> None:
    versions = locked(name)
    low = {p: versions[p] for p in FLOORS if p in versions and versions[p] < Version(FLOORS[p])}
    assert not low


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("serve", PYPROJECT["project"]["dependencies"]),
        *PYPROJECT["dependency-groups"].items(),
    ],
)
def test_the_lock_holds_what_pyproject_asks_for(name: str, wanted: list[str]) -> None:
    versions = locked(name)
    for requirement in map(Requirement, wanted):
        assert versions[requirement.name.lower().replace(".", "-")] in requirement.specifier


def test_the_tests_run_what_is_served() -> None:
    assert locked("serve").items() <= locked("test").items()


def test_every_dependency_has_its_reason_beside_it() -> None:
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    listed = [*PYPROJECT["project"]["dependencies"]]
    listed += [name for group in PYPROJECT["dependency-groups"].values() for name in group]
    for wanted in listed:
        above = lines[lines.index(f'    "{wanted}",') - 1]
        assert above.startswith("    # "), wanted


def test_the_lock_of_the_browser_programs() -> None:
    packages = json.loads((ROOT / "static/package-lock.json").read_text())["packages"]
    for path, package in packages.items():
        assert "resolved" not in package, path
        assert not path or package.get("integrity", "").startswith("sha512-"), path
    for name, floor in FLOORS_OF_BROWSER.items():
        assert Version(packages[f"node_modules/{name}"]["version"]) >= Version(floor)
    manifest = json.loads((ROOT / "static/package.json").read_text())
    for name, version in (manifest["dependencies"] | manifest["devDependencies"]).items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name


def test_ci_is_the_one_command() -> None:
    script = ROOT / ".ci/run"
    assert script.read_text().splitlines() == [
        "#!/usr/bin/env bash",
        'cd "$(dirname "$0")/.." && exec python3 run.py test',
    ]
    assert os.access(script, os.X_OK)


@pytest.mark.parametrize(("has_node", "asked"), [(True, 0), (False, 1)])
def test_a_build_asks_for_node_only_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_node: bool, asked: int
) -> None:
    for name in ("node", "npm") if has_node else ():
        (tmp_path / name).write_text("#!/bin/sh\necho v20.0.0\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(ROOT)
    assert len(get_requires_for_build_wheel()) == asked


def test_a_wheel_holds_everything_the_program_needs(tmp_path: Path) -> None:
    """Built in a copy: the build writes static/dist, which other tests are served from."""
    copy = _copy_of_sources(tmp_path / "clone")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        inside = set(wheel.namelist())
        entry_points = wheel.read(next(n for n in inside if n.endswith("entry_points.txt")))
    assert b"dianxiaoer = console.cli:main" in entry_points
    assert _files_of_packages() <= inside
    assert {"console/bundle/faq.yaml", "console/bundle/static/dist/manifest.json"} <= inside
    assert {name.split("/")[0] for name in inside} == {*PACKAGES, "dianxiaoer-0.1.0.dist-info"}


def _copy_of_sources(copy: Path) -> Path:
    skipped = shutil.ignore_patterns("node_modules", "dist", "__pycache__")
    for name in (*PACKAGES, "bootstrap", "static"):
        shutil.copytree(ROOT / name, copy / name, ignore=skipped)
    for name in ("LICENSE", "README.md", "faq.yaml", "hatch_build.py", "pyproject.toml"):
        shutil.copy(ROOT / name, copy / name)
    (copy / "static/node_modules").symlink_to(ROOT / "static/node_modules")
    return copy


def _files_of_packages() -> set[str]:
    files = (file for name in PACKAGES for file in (ROOT / name).rglob("*") if file.is_file())
    return {str(file.relative_to(ROOT)) for file in files if "__pycache__" not in file.parts}


def _lock_text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text()
