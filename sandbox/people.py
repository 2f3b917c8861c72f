"""The pretend shoppers. Their ids follow from account and name, so they are the same next time."""

import base64
import hashlib
from dataclasses import dataclass

from sandbox.accounts import Account, Kind


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with WeChat on their phone; `tone` is the colour their avatar is drawn in."""

    id: str
    name: str
    city: str
    tone: int


PEOPLE = (
    Person("lin", "林小满", "杭州", 1),
    Person("zhou", "周大山", "成都", 2),
    Person("he", "何阿姨", "景德镇", 3),
    Person("emma", "Emma", "上海", 4),
)


def address_of(account: Account, person: Person) -> str:
    """The openid, or for 微信客服 the external_userid: another one on every account."""
    if account.kind is Kind.KF:
        return "wm" + _letters(f"{account.app_id}:{person.id}", 30)
    return "o" + _letters(f"{account.app_id}:{person.id}", 27)


def union_of(person: Person) -> str:
    """The same on all accounts, which belong to one open-platform account here."""
    return "o6" + _letters(f"union:{person.id}", 26)


def _letters(seed: str, count: int) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(seed.encode()).digest()).decode()[:count]
