"""The shop's knowledge: imported entry by entry, seeded once."""

from console.desk import Desk
from console.desk.importing import Imported
from console.events import ShelfChanged
from tests.desk.faq import FIRST, answers, counts, edit, tables, take, yaml
from tests.desk.house import House


async def test_an_import_tells_new_from_changed_from_unchanged(house: House) -> None:
    house.heard.clear()
    assert counts(await take(house, FIRST)) == (3, 0, 0, [])
    assert answers(house) == FIRST
    assert house.told(ShelfChanged) == [ShelfChanged(house.shop_id)]
    assert counts(await take(house, FIRST)) == (0, 0, 3, [])
    second = {**FIRST, "tuihuo": "亲，十五天内可退。", "fapiao": "亲，可以开。"}
    assert counts(await take(house, second)) == (1, 1, 2, [])
    assert answers(house) == second
    rows = await house.rows("SELECT entry_id, revision FROM entry_revision ORDER BY 1, 2")
    assert [tuple(row) for row in rows] == [
        ("baoyou", 1), ("fahuo", 1), ("fapiao", 1), ("tuihuo", 1), ("tuihuo", 2),
    ]  # fmt: skip


async def test_what_is_not_in_the_file_stays(house: House) -> None:
    await take(house, FIRST)
    assert counts(await take(house, {"fapiao": "亲，可以开。"})) == (1, 0, 0, [])
    assert answers(house) == {**FIRST, "fapiao": "亲，可以开。"}


async def test_what_both_sides_changed_is_a_conflict_and_stays(house: House) -> None:
    await take(house, FIRST)
    await edit(house, "fahuo", "亲，当天发。")
    await edit(house, "tuihuo", "亲，都可退。")
    file = {**FIRST, "fahuo": "亲，三天内发。", "baoyou": "亲，满 99 包邮。"}
    for _ in range(2):
        done = await take(house, file)
        assert done.conflicts == ["fahuo"], "and stays one until a human says so"
        assert answers(house) == {
            "fahuo": "亲，当天发。", "tuihuo": "亲，都可退。", "baoyou": "亲，满 99 包邮。",
        }  # fmt: skip
    assert counts(await take(house, {"fahuo": "亲，当天发。"})) == (0, 0, 1, [])
    later = {"fahuo": "亲，两天内发。"}
    assert counts(await take(house, later)) == (0, 1, 0, []), "they agreed, so the file leads"


async def test_a_dry_run_says_the_same_and_writes_nothing(house: House) -> None:
    await take(house, FIRST)
    before = await tables(house)
    house.heard.clear()
    second = {**FIRST, "tuihuo": "亲，十五天内可退。", "fapiao": "亲，可以开。"}
    assert counts(await take(house, second, dry_run=True)) == (1, 1, 2, [])
    assert await tables(house) == before
    assert (answers(house), house.heard) == (FIRST, [])


async def test_the_shipped_file_fills_an_empty_shelf_and_is_merged_when_it_changed(
    house: House, desk: Desk
) -> None:
    async def seed(values: dict[str, str]) -> Imported | None:
        return await desk.importing.seed(house.shop_id, yaml(values), file="faq.yaml")

    done = await seed(FIRST)
    assert done is not None
    assert counts(done) == (3, 0, 0, [])
    assert await seed(FIRST) is None, "nothing new in it"
    await edit(house, "tuihuo", "亲，都可退。")
    changed = {**FIRST, "fahuo": "亲，当天发。"}
    done = await seed(changed)
    assert done is not None
    assert (done.new, done.changed, done.conflicts) == (0, 1, [])
    assert answers(house) == {**changed, "tuihuo": "亲，都可退。"}
    assert await seed(changed) is None


async def test_the_shipped_file_is_not_merged_into_a_shop_s_own(house: House, desk: Desk) -> None:
    await take(house, {"fapiao": "亲，可以开。"})
    done = await desk.importing.seed(house.shop_id, yaml(FIRST), file="faq.yaml")
    assert done is None
    assert answers(house) == {"fapiao": "亲，可以开。"}


async def test_a_broken_shipped_file_is_tried_again(house: House, desk: Desk) -> None:
    done = await desk.importing.seed(house.shop_id, b"entries: [", file="faq.yaml")
    assert done is not None
    assert done.failed
    done = await desk.importing.seed(house.shop_id, yaml(FIRST), file="faq.yaml")
    assert done is not None
    assert counts(done) == (3, 0, 0, [])
