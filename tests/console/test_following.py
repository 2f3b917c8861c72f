"""The file that CONSOLE_FAQ names is merged when it changes, while the shop is served."""

import logging
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from console.events import Event, ShelfChanged
from console.installation import Installation, open_installation
from console.settings import Settings
from tests.desk.faq import FIRST, yaml
from tests.program import Program


@pytest.fixture
def faq(tmp_path: Path) -> Path:
    file = tmp_path / "mine.yaml"
    file.write_bytes(yaml(FIRST))
    return file


@pytest.fixture
async def installation(tmp_path: Path, faq: Path) -> AsyncIterator[Installation]:
    settings = Settings(data=str(tmp_path / "data"), faq=str(faq))
    opened = await open_installation(settings)
    await opened.seed()
    yield opened
    await opened.close()


def answers(installation: Installation) -> dict[str, str]:
    entries = installation.desk.library.entries(installation.shop_id)
    return {one.id: one.answer for one in entries}


def rewrite(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    later = file.stat().st_mtime_ns + 10_000_000  # whatever the clock of the file system counts in
    os.utime(file, ns=(later, later))


def remove(file: Path) -> None:
    file.unlink()


async def test_a_changed_file_is_merged_and_told(installation: Installation, faq: Path) -> None:
    heard: list[Event] = []
    installation.desk.events.subscribe(heard.append)
    await installation.follow()
    assert (answers(installation), heard) == (FIRST, [])
    changed = {**FIRST, "fahuo": "亲，当天发。"}
    rewrite(faq, yaml(changed))
    await installation.follow()
    assert answers(installation) == changed
    assert heard == [ShelfChanged(installation.shop_id)]
    await installation.follow()
    assert len(heard) == 1


async def test_a_broken_file_is_named_once(
    installation: Installation, faq: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rewrite(faq, yaml(FIRST) + b"  - id: fahuo\n    answer: x\n")
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            await installation.follow()
    named = [one.getMessage() for one in caplog.records if "mine.yaml:" in one.getMessage()]
    assert named == sorted({*named}, key=named.index)
    assert any(one.startswith("mine.yaml:20 ") for one in named)
    assert answers(installation) == FIRST
    rewrite(faq, yaml({**FIRST, "fapiao": "可以开。"}))
    await installation.follow()
    assert "fapiao" in answers(installation)


async def test_a_missing_file_changes_nothing(installation: Installation, faq: Path) -> None:
    remove(faq)
    for _ in range(2):
        await installation.follow()
    assert answers(installation) == FIRST
    rewrite(faq, yaml({**FIRST, "fahuo": "亲，当天发。"}))
    await installation.follow()
    assert answers(installation)["fahuo"] == "亲，当天发。"


def test_a_serving_process_follows(tmp_path: Path, faq: Path) -> None:
    program = Program(tmp_path / "served", environ={"CONSOLE_FAQ": str(faq)})
    program.start()
    try:
        rewrite(faq, yaml({**FIRST, "fapiao": "可以开。"}))
        until = time.monotonic() + 20
        while "mine.yaml: 1 new, 0 changed" not in program.said and time.monotonic() < until:
            time.sleep(0.1)
        assert "mine.yaml: 1 new, 0 changed" in program.said
    finally:
        program.stop()
