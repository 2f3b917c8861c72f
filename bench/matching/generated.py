"""A knowledge base of any size, made of the shop's own questions about products that do not exist.

Every seventh entry brings a new product, so that vocabulary grows with size as it does in a shop.
Nothing is drawn: the same size gives the same entries, and a smaller one is the beginning of it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from knowledge import Entry

PER_PRODUCT = 7
PHRASINGS = 3
NAMES = "云山江月竹松梅兰春秋晨星海石溪林风雪金玉龙凤青白朱墨禾田川谷原野安宁和顺永泰盛昌福瑞"
TRAITS = (
    "便携 加厚 迷你 双层 防滑 静音 折叠 手绘 复古 磨砂 "
    "可水洗 大号 儿童 情侣款 礼盒装 旅行装 升级版 轻奢 防水"
).split()
GOODS = (
    "茶壶 保温杯 电热锅 雨伞 台灯 书包 毛毯 枕头 拖鞋 行李箱 充电宝 耳机 键盘 砧板 炒锅 花瓶 香薰 "
    "面膜 洗发水 牙刷 连衣裙 羽绒服 运动鞋 围巾 坚果 绿茶 蜂蜜 牛肉干 奶粉 积木 拼图 画笔 瑜伽垫 "
    "跳绳 帐篷 鱼竿 猫粮 狗窝 晾衣架 收纳箱 门帘"
).split()


class Product(NamedTuple):
    maker: str
    trait: str
    goods: str


def product(number: int) -> Product:
    """Another one for each number: a name of two characters comes again late, in other company."""
    first, second = number % len(NAMES), (number + number // len(NAMES)) % len(NAMES)
    trait, goods = TRAITS[number % len(TRAITS)], GOODS[number % len(GOODS)]
    return Product(NAMES[first] + NAMES[second], trait, goods)


def entries(size: int, questions: Sequence[Entry]) -> Iterator[Entry]:
    """So many entries of three phrasings and an answer each."""
    usable = _usable(questions)
    for number in range(size):
        asked, about = usable[number % len(usable)], product(number // PER_PRODUCT)
        first, second, third = asked.phrases[:PHRASINGS]
        yield Entry(
            id=f"e{number}",
            question=f"{about.maker}{about.trait}{about.goods}{first}",
            similar=(
                f"{second}，{about.maker}的{about.goods}",
                f"买了{about.trait}{about.goods}，{third}",
            ),
            answer=f"{about.maker}{about.goods}：{asked.answer}",
        )


def messages(size: int, questions: Sequence[Entry], *, count: int) -> list[tuple[str, str]]:
    """What shoppers ask, in wordings that no entry has, and the id of the entry that is meant."""
    usable = _usable(questions)
    asked = []
    for number in (n * size // count for n in range(count)):
        about, entry = product(number // PER_PRODUCT), usable[number % len(usable)]
        asked.append((f"{about.maker}{about.goods} {entry.phrases[PHRASINGS]}", f"e{number}"))
    return asked


def _usable(questions: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in questions if len(entry.phrases) > PHRASINGS]
