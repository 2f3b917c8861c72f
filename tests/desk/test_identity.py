"""Who a shopper is: a browser's token, or the shop's signed word."""

import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest

from console.desk import Desk
from console.desk.inboxes import Inbox
from console.model.refusal import Refused
from console.store import people
from tests.desk.house import House
from tests.store.databases import Database

SECRET = "the shop's own secret, long enough"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
async def inbox(house: House) -> Inbox:
    return await house.inbox_with(identity_secret=SECRET)


def signed(inbox: Inbox, *, key: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    """A shop's word on its shopper u1; a claim given as None is left out."""
    now = int(time.time())
    given = {
        "aud": inbox.key, "sub": "u1", "name": "小明", "iat": now, "exp": now + 300, "jti": "j1",
    } | claims  # fmt: skip
    return jwt.encode(
        {name: value for name, value in given.items() if value is not None}, key, algorithm
    )


async def test_a_browser_is_known_again_by_its_token(house: House, desk: Desk) -> None:
    first = await desk.entrance.visitor(house.inbox, None, None, greet_as="访客")
    assert first.fresh
    again = await desk.entrance.visitor(house.inbox, first.token, None, greet_as="访客")
    assert (again.identity_id, again.token, again.fresh) == (first.identity_id, first.token, False)
    stored = await house.rows("SELECT token_hash FROM visitor")
    assert first.token not in str(stored), "only the hash is kept"
    assert len(stored) == 1


async def test_a_made_up_token_is_replaced_and_shows_nothing(house: House, desk: Desk) -> None:
    mine = await desk.entrance.visitor(house.inbox, None, None, greet_as="访客")
    await house.ask(mine.identity_id)
    other_inbox = await house.inbox_with()
    for inbox, token in (
        (house.inbox, "made-up"), (house.inbox, ""), (house.inbox, mine.identity_id),
        (other_inbox, mine.token),
    ):  # fmt: skip
        found = await desk.entrance.visitor(inbox, token, None, greet_as="访客")
        assert found.fresh
        assert found.token not in (token, mine.token)
        assert found.identity_id != mine.identity_id
        state = await desk.views.shopper(inbox, found.identity_id, 0)
        assert (state.overview, state.messages) == (None, [])


async def test_the_shop_s_word_names_its_shopper(house: House, desk: Desk, inbox: Inbox) -> None:
    claims = {"email": "ming@example.com", "phone": "13800000000"}
    found = await desk.entrance.visitor(inbox, None, signed(inbox, **claims), greet_as="访客")
    assert found.fresh
    agent = await house.agent("王芳")
    chat = (await house.ask(found.identity_id, inbox=inbox)).message.conversation_id
    card = await desk.views.card(agent, chat)
    assert list(card.contact[1:4]) == ["小明", "ming@example.com", "13800000000"]
    assert card.variables["昵称"] == "小明"
    assert [bool(row[3]) for row in card.identities] == [True]


async def test_the_same_shopper_from_another_browser(desk: Desk, inbox: Inbox) -> None:
    first = await desk.entrance.visitor(inbox, None, signed(inbox), greet_as="访客")
    second = await desk.entrance.visitor(inbox, None, signed(inbox, jti="j2"), greet_as="访客")
    other = await desk.entrance.visitor(
        inbox, None, signed(inbox, jti="j3", sub="u2"), greet_as="访客"
    )
    assert second.identity_id == first.identity_id != other.identity_id
    assert second.token != first.token
    back = await desk.entrance.visitor(inbox, second.token, None, greet_as="访客")
    assert (back.identity_id, back.fresh) == (first.identity_id, False)


async def test_a_word_is_good_once_unless_the_browser_is_known(desk: Desk, inbox: Inbox) -> None:
    word = signed(inbox)
    first = await desk.entrance.visitor(inbox, None, word, greet_as="访客")
    again = await desk.entrance.visitor(inbox, first.token, word, greet_as="访客")
    assert (again.identity_id, again.fresh) == (first.identity_id, False), "the page came back"
    stranger = await desk.entrance.visitor(inbox, None, None, greet_as="访客")
    for token in (None, "made-up", stranger.token):
        with pytest.raises(Refused, match="used before") as no:
            await desk.entrance.visitor(inbox, token, word, greet_as="访客")
        assert no.value.code == "unauthorized"


async def test_two_shops_may_use_the_same_ids(house: House, desk: Desk, inbox: Inbox) -> None:
    other = await house.inbox_with(identity_secret="another secret, also long enough")
    one = await desk.entrance.visitor(inbox, None, signed(inbox), greet_as="访客")
    word = signed(other, key="another secret, also long enough")
    two = await desk.entrance.visitor(other, None, word, greet_as="访客")
    assert one.identity_id != two.identity_id


LONG_AGO, FAR_AHEAD = 1_000_000_000, 4_000_000_000


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"exp": LONG_AGO + 60, "iat": LONG_AGO}, "expired"),
        ({"aud": "another inbox"}, "[Aa]udience"),
        ({"aud": None}, "aud"),
        ({"sub": None}, "sub"),
        ({"iat": None}, "iat"),
        ({"exp": None}, "exp"),
        ({"jti": None}, "jti"),
        ({"key": "some other secret, also long enough"}, "[Ss]ignature"),
        ({"algorithm": "HS512", "key": SECRET * 2}, "[Aa]lg"),
        ({"exp": FAR_AHEAD}, "more than 10 minutes"),
        ({"exp": str(FAR_AHEAD)}, "more than 10 minutes"),
        ({"name": "长" * 201}, "200 characters"),
        ({"name": ["小明"]}, "200 characters"),
        ({"email": 7}, "200 characters"),
    ],
)
async def test_a_bad_word_is_refused(
    house: House, desk: Desk, inbox: Inbox, claims: dict[str, Any], said: str
) -> None:
    with pytest.raises(Refused, match=said) as no:
        await desk.entrance.visitor(inbox, None, signed(inbox, **claims), greet_as="访客")
    assert no.value.code == "unauthorized"
    assert "identity" in no.value.message
    assert await house.rows("SELECT id FROM identity") == []


@pytest.mark.parametrize("form", [lambda whole: whole + 0.5, str], ids=["fraction", "text"])
async def test_a_number_in_another_form_is_taken(
    house: House, desk: Desk, inbox: Inbox, form: Callable[[int], Any]
) -> None:
    exp = int(time.time()) + 300
    word = signed(inbox, exp=form(exp))
    found = await desk.entrance.visitor(inbox, None, word, greet_as="访客")
    assert found.fresh
    assert await house.rows("SELECT expires_at FROM used_token") == [(exp * 1000,)]


@pytest.mark.parametrize("word", ["", "not.a.jwt", "a.b.c", "x" * 4000])
async def test_nonsense_is_refused(desk: Desk, inbox: Inbox, word: str) -> None:
    with pytest.raises(Refused) as no:
        await desk.entrance.visitor(inbox, None, word, greet_as="访客")
    assert no.value.code == "unauthorized"


async def test_an_inbox_without_a_secret_takes_no_word(house: House, desk: Desk) -> None:
    with pytest.raises(Refused, match="no identity_secret") as no:
        await desk.entrance.visitor(house.inbox, None, signed(house.inbox), greet_as="访客")
    assert no.value.code == "unauthorized"


async def test_an_inbox_may_take_signed_shoppers_only(house: House, desk: Desk) -> None:
    inbox = await house.inbox_with(identity_secret=SECRET, identity_required="true")
    found = await desk.entrance.visitor(inbox, None, signed(inbox), greet_as="访客")
    for token in (None, found.token):
        with pytest.raises(Refused, match="signed shoppers only") as no:
            await desk.entrance.visitor(inbox, token, None, greet_as="访客")
        assert no.value.code == "unauthorized"


async def test_used_words_are_forgotten_when_they_have_expired(house: House) -> None:
    async def spend(jti: str, expires: int, now: int) -> bool:
        return await house.store.write(lambda tx: people.spend_token(tx, jti, expires, now))

    assert [await spend("j1", 100, 50), await spend("j1", 100, 60)] == [True, False]
    assert await spend("j2", 300, 200)
    assert await house.rows("SELECT jti FROM used_token") == [("j2",)]
