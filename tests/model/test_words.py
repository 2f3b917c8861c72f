"""Ids are random, alike in form, and never the same twice, whichever thread asks."""

from concurrent.futures import ThreadPoolExecutor

from console.model.words import new_id


def test_ids_are_never_the_same() -> None:
    with ThreadPoolExecutor(8) as several:
        drawn = list(several.map(lambda _: [new_id() for _ in range(2000)], range(16)))
    ids = [one for each in drawn for one in each]
    assert len(set(ids)) == len(ids) == 32_000
    assert {len(one) for one in ids} == {20}
    assert all(int(one, 16) >= 0 for one in ids)
