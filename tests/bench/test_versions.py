"""The short forms of the faults that change what is under the clients: an upgrade, a restore."""

from pathlib import Path

import pytest

from bench.chaos import f25_upgrade, f26_restore
from bench.chaos.bodies import Body
from bench.chaos.fault import Run, Terms
from bench.chaos.ledger import Ack, Ledger, Shown

SEED = 25


@pytest.mark.parametrize("fault", [f25_upgrade.run, f26_restore.run], ids=["F25", "F26"])
def test_short_forms(fault: Run, tmp_path: Path) -> None:
    result = fault(Terms(tmp_path, SEED, short=True))
    assert result.passed, result


def test_only_what_a_restore_took_back_is_forgiven() -> None:
    """Acknowledged before the backup, between, between and yet stored, and after."""
    ledger = Ledger()
    for number, at in enumerate((1.0, 5.0, 6.0, 9.0), 1):
        body = Body("0123456789ab", "s0", number, private=False)
        intent = ledger.intend(body, f"client-{number}", at)
        intent.acks.append(Ack(f"id-{number}", number, duplicate=False, at=at))
    ledger.stored["c"] = [Shown("id-3", 1, None)]
    assert f26_restore.forget_rolled_back(ledger, [(4.0, 8.0)]) == 1
    assert {n for _, n in ledger.intents} == {1, 3, 4}
