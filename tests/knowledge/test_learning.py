"""The correction from a shop's own use: small, bounded, forgetting, and explained."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from knowledge import learning
from knowledge.learning import (
    EDITED,
    HALF_LIFE_DAYS,
    REJECTED,
    SHOWN,
    TAKEN,
    WINDOW_DAYS,
    Change,
    Evidence,
    Where,
)
from knowledge.suggestion import MOST_LIFT

TODAY = date(2026, 11, 27)
HERE = Where("售前", "widget")
ELSEWHERE = Where("售后", "mail")
NO_WORDS = ""


def use(
    evidence: Evidence,
    entry: str,
    outcome: str,
    times: int = 1,
    *,
    day: date = TODAY,
    where: Where = HERE,
    words: str = NO_WORDS,
    today: date = TODAY,
) -> None:
    """Show an entry so often, and let this come of it."""
    for _ in range(times):
        evidence.note(today, day, where, words, [Change(entry, None, SHOWN)])
        if outcome != SHOWN:
            evidence.note(today, day, where, words, [Change(entry, SHOWN, outcome)])


def shop(*uses: tuple[str, str, int]) -> Evidence:
    evidence = Evidence()
    for entry, outcome, times in uses:
        use(evidence, entry, outcome, times)
    return evidence


def lift(evidence: Evidence, entry: str, *, today: date = TODAY, where: Where = HERE) -> float:
    return evidence.lifts(today, where, NO_WORDS).get(entry, 0.0)


@pytest.mark.parametrize("outcome", [SHOWN, TAKEN, EDITED, REJECTED])
def test_a_handful_moves_hardly_anything(outcome: str) -> None:
    """Beside an entry with enough evidence either way, whatever the shop's mean is."""
    for taken, rejected in ((200, 0), (100, 100), (0, 200)):
        evidence = shop(("other", TAKEN, taken), ("other", REJECTED, rejected), ("new", outcome, 5))
        assert abs(lift(evidence, "new")) < 0.01


def test_what_is_taken_rises_and_what_is_rejected_falls() -> None:
    evidence = shop(("good", TAKEN, 300), ("edited", EDITED, 300), ("bad", REJECTED, 300))
    assert 0.03 < lift(evidence, "good") < MOST_LIFT
    assert lift(evidence, "edited") == lift(evidence, "good"), "an edited answer is an answer"
    assert -MOST_LIFT < lift(evidence, "bad") < -0.03


def test_what_is_passed_over_falls_less_than_what_is_rejected() -> None:
    evidence = shop(("good", TAKEN, 100), ("ignored", SHOWN, 30), ("bad", REJECTED, 30))
    assert lift(evidence, "bad") < lift(evidence, "ignored") < 0


@pytest.mark.parametrize("outcome", [TAKEN, REJECTED])
def test_no_amount_goes_beyond_the_bound(outcome: str) -> None:
    evidence = shop(("much", outcome, 5000), ("other", SHOWN, 5000), ("else", TAKEN, 5000))
    assert abs(lift(evidence, "much")) <= MOST_LIFT
    assert pytest.approx(MOST_LIFT) == learning.WHOLE + learning.GROUP + learning.CHANNEL


def test_where_all_are_alike_nothing_is_lifted() -> None:
    evidence = shop(("a", TAKEN, 500), ("b", TAKEN, 500), ("a", SHOWN, 500), ("b", SHOWN, 500))
    assert abs(lift(evidence, "a")) < 0.001


def test_the_group_and_the_inbox_add_a_smaller_part() -> None:
    evidence = Evidence()
    use(evidence, "a", TAKEN, 100, where=HERE)
    use(evidence, "a", REJECTED, 100, where=ELSEWHERE)
    use(evidence, "b", TAKEN, 100, where=HERE)
    use(evidence, "b", REJECTED, 100, where=ELSEWHERE)
    here, there = lift(evidence, "a", where=HERE), lift(evidence, "a", where=ELSEWHERE)
    assert 0 < here <= learning.GROUP + learning.CHANNEL
    assert there < 0
    assert abs(lift(evidence, "a", where=Where("", "unknown"))) < 0.001


def test_evidence_halves_in_a_week_and_ends_after_the_window() -> None:
    evidence = shop(("good", TAKEN, 20), ("bad", REJECTED, 20))
    fresh = lift(evidence, "good")
    later = lift(evidence, "good", today=TODAY + timedelta(days=HALF_LIFE_DAYS))
    assert later < fresh
    assert later == pytest.approx(_points(10), rel=0.15)
    end = TODAY + timedelta(days=WINDOW_DAYS)
    assert lift(evidence, "good", today=end - timedelta(days=1)) > 0
    assert evidence.lifts(end, HERE, NO_WORDS) == {}
    assert evidence.total(end).shown == 0


def _points(amount: float) -> float:
    """All the parts of an entry that was only ever taken, beside as many rejections."""
    return MOST_LIFT * amount / (amount + learning.PRIOR)


def test_what_is_older_than_the_window_is_not_counted() -> None:
    evidence = Evidence()
    use(evidence, "old", TAKEN, 9, day=TODAY - timedelta(days=WINDOW_DAYS))
    assert evidence.total(TODAY).shown == 0


def test_an_outcome_taken_back_leaves_nothing() -> None:
    evidence = shop(("a", TAKEN, 50), ("b", SHOWN, 50))
    before = evidence.lifts(TODAY, HERE, NO_WORDS)
    evidence.note(TODAY, TODAY, HERE, "几时发", [Change("b", SHOWN, REJECTED)])
    assert evidence.lifts(TODAY, HERE, NO_WORDS) != before
    evidence.note(TODAY, TODAY, HERE, "几时发", [Change("b", REJECTED, SHOWN)])
    assert evidence.lifts(TODAY, HERE, NO_WORDS) == pytest.approx(before)
    assert evidence.explain(TODAY)["b"].whole.rejected == 0


@pytest.mark.parametrize(
    ("outcomes", "proven"),
    [
        ([TAKEN], False),
        ([TAKEN, TAKEN], True),
        ([TAKEN, EDITED], True),
        ([SHOWN, SHOWN, SHOWN], False),
        ([TAKEN, TAKEN, REJECTED], False),
    ],
)
def test_the_same_words_are_remembered(outcomes: Sequence[str], *, proven: bool) -> None:
    evidence = Evidence()
    for outcome in outcomes:
        use(evidence, "a", outcome, words="几时发")
    assert (evidence.lifts(TODAY, HERE, "几时发").get("a") == MOST_LIFT) is proven
    assert evidence.lifts(TODAY, HERE, "别的话").get("a", 0.0) < 0.01
    later = TODAY + timedelta(days=WINDOW_DAYS)
    assert evidence.lifts(later, HERE, "几时发") == {}


def test_the_oldest_wordings_are_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "MOST_WORDINGS", 2)
    evidence = Evidence()
    for words in ("一", "二", "一", "三"):
        use(evidence, "a", TAKEN, 2, words=words)
    proven = [words for words in "一二三" if evidence.lifts(TODAY, HERE, words)["a"] == MOST_LIFT]
    assert proven == ["一", "三"]


def test_what_is_only_shown_is_worked_out_now_and_then() -> None:
    evidence = shop(("a", TAKEN, 40), ("b", REJECTED, 40))
    before = lift(evidence, "a")
    use(evidence, "a", SHOWN, learning.FRESH - 1)
    assert lift(evidence, "a") == before
    use(evidence, "a", SHOWN)
    fresh = lift(evidence, "a")
    assert before - 0.01 < fresh < before
    use(evidence, "a", TAKEN)
    assert lift(evidence, "a") > fresh, "what is judged counts at once"


def test_a_lift_is_explained_by_its_parts() -> None:
    evidence = shop(("a", TAKEN, 3), ("a", EDITED, 2), ("a", SHOWN, 4), ("b", REJECTED, 1))
    explained = evidence.explain(TODAY)["a"]
    whole = explained.whole
    assert (whole.shown, whole.taken, whole.edited, whole.rejected) == (9, 3, 2, 0)
    parts = [whole, explained.groups["售前"], explained.channels["widget"]]
    assert sum(one.lift for one in parts) == pytest.approx(lift(evidence, "a"), abs=2e-4)
    total = evidence.total(TODAY)
    assert (total.shown, total.taken, total.edited, total.rejected) == (10, 3, 2, 1)
    mean = (5 + 1) / (5 + 4 * learning.IGNORED + 1 + 2)
    assert whole.rate == pytest.approx((5 + 40 * mean) / (6 + 40), abs=1e-4)
