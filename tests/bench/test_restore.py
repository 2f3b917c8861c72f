"""The short form of the fault that takes back what clients have seen: a restore.

F25, an upgrade under way, is not among the tests: it needs the project's history, which a clone may
come without. `bench chaos --fault F25 --short` runs it.
"""

from pathlib import Path

from bench.chaos import f26_restore
from bench.chaos.bodies import Body
from bench.chaos.fault import Terms
from bench.chaos.ledger import Ack, Ledger, Shown

SEED = 25


def test_the_short_form(tmp_path: Path) -> None:
    result = f26_restore.run(Terms(tmp_path, SEED, short=True))
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
