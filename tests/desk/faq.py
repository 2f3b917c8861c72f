"""A small shop's faq.yaml for tests, and how it is imported."""

from typing import Any

from console.desk.importing import Imported
from tests.desk.house import House

HEAD = "# 店主的话\nversion: 1\nshop: 青瓷小店\n"
FIRST = {"fahuo": "亲，48 小时内发货。", "tuihuo": "亲，七天内可退。", "baoyou": "亲，全场包邮。"}
QUESTIONS = {
    "fahuo": "什么时候发货？",
    "tuihuo": "怎么退货？",
    "baoyou": "包邮吗？",
    "fapiao": "开发票吗？",
}
EXTRA = {
    "fahuo": "    similar: [几天发货, 啥时候寄, 多久能发]\n    category: 物流/发货\n    hot: true\n"
}
TABLES = ("entry", "entry_revision", "shop", "meta")


def yaml(answers: dict[str, str], *, head: str = HEAD) -> bytes:
    """A faq.yaml as an owner writes one, with comments."""
    rows = [
        f"  # 关于{QUESTIONS[key][:2]}\n  - id: {key}\n    question: {QUESTIONS[key]}\n"
        f"{EXTRA.get(key, '')}    answer: {answer}\n"
        for key, answer in answers.items()
    ]
    return f"{head}entries:\n{''.join(rows)}".encode()


async def take(house: House, answers: dict[str, str], **more: Any) -> Imported:
    return await house.desk.importing.import_file(
        house.shop_id, yaml(answers), file="faq.yaml", by=None, **more
    )


def counts(done: Imported) -> tuple[int, int, int, list[str]]:
    return done.new, done.changed, done.unchanged, done.conflicts


def answers(house: House) -> dict[str, str]:
    found = house.desk.library.search(house.shop_id)
    return {one["id"]: one["answer"] for one in found}


async def tables(house: House) -> list[object]:
    """All that an import may touch."""
    return [await house.rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in TABLES]


async def edit(house: House, entry: str, answer: str) -> None:
    """The owner's edit on the screen: the body changes, what was last imported does not."""
    await house.store.write(
        lambda tx: tx.run(
            "UPDATE entry SET body = replace(body, $2, $3), revision = revision + 1 WHERE id = $1",
            entry, FIRST[entry], answer,
        )
    )  # fmt: skip
    await house.desk.load()
