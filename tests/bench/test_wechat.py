"""The bench of 公众号 counts what it promises to count, on a small scale."""

import random
import re

import pytest

from bench import main
from bench.wechat.far import FATES, Far
from bench.wechat.sends import Desk


def test_a_small_run_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--rate", "50", "--seconds", "1", "--callbacks", "60", "--answers", "40"]
    assert main(["wechat", *small, "--within", "60"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"\| product \| 50 \| [\d.]+ \| [\d.]+ \| [\d.]+ \| 0 \|", said)
    assert "stored: 50 of 50" in said
    assert re.search(r"\| 60 \| \d+ \| 60 \| 0 \| 0 \|", said)
    assert re.search(r"\| 40 \| \d+ \| \d+ \| \d+ \| \d+ \| 0 \| 0 \| 0 \|", said)


def test_what_is_not_at_its_end_is_seen() -> None:
    desk = Desk()
    desk.words = {("c", 2): "一", ("c", 3): "二", ("c", 4): "三"}
    for seq, state in ((2, "sent"), (3, "retry")):
        desk.hear("delivery", {"conversation": "c", "seq": seq, "state": state})
    assert desk.ended() == 1
    assert desk.by_end() == {"sent": 1, "retry": 1, "queued": 1}
    assert desk.saying("sent") == {"一"}


def test_the_fates_are_a_hundred_and_most_are_read() -> None:
    assert sum(weight for _, weight, _ in FATES) == 100
    far = Far(random.Random(1))
    assert (far.read, far.passes) == ({}, 0)
