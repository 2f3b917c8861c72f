"""Channel accounts: settings checked by name, secrets sealed, kept over a restart."""

from typing import Any

import pytest

from channels import REGISTRY
from console.desk import Desk
from console.desk.checking import HEARD, WAITING, Checking
from console.desk.forms import secret_fields
from console.desk.inboxes import Inboxes
from console.model.refusal import Refused
from console.model.words import ShopId
from console.seal import Seal
from tests.desk.house import House
from tests.store.databases import Database

SECRET = "the shop's own secret, long enough"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


async def test_settings_are_typed_text(house: House, desk: Desk) -> None:
    given = {"robot": "true", "reopen_hours": "48", "greeting": "欢迎", "group": "售后"}
    inbox = await desk.inboxes.add(house.shop_id, "widget", "官网", given)
    assert (inbox.config.robot, inbox.config.reopen_hours) == (True, 48)
    assert (inbox.config.greeting, inbox.config.group) == ("欢迎", "售后")
    assert desk.inboxes.by_key(inbox.key) == inbox
    assert {one.name for one in desk.inboxes.all()} == {"default", "官网"}


@pytest.mark.parametrize(
    ("kind", "name", "values", "code", "said"),
    [
        (
            "fax",
            "x",
            {},
            "not_found",
            "no channel of kind 'fax'; there are: ",
        ),
        ("widget", " ", {}, "invalid", "`name`"),
        ("widget", "x", {"colour": "red"}, "invalid", "unknown setting `colour`; there are: "),
        ("widget", "x", {"reopen_hours": "soon"}, "invalid", "reopen_hours"),
        ("widget", "x", {"reopen_hours": "721"}, "invalid", "reopen_hours"),
        ("widget", "x", {"robot": "maybe"}, "invalid", "robot"),
        ("widget", "default", {}, "conflict", "widget 'default'"),
        ("webhook", "x", {}, "invalid", "missing setting `secret`, `url`; there are: "),
        ("webhook", "x", {"sercet": "s"}, "invalid", "unknown setting `sercet`; missing setting"),
        ("webhook", "x", {"secret": "s", "url": "ftp://a/"}, "invalid", "$.url"),
        ("webhook", "x", {"secret": "s", "url": "http://a/", "robot": "1"}, "invalid", "`robot`"),
    ],
)
async def test_what_cannot_be_is_named(
    house: House, desk: Desk, kind: str, name: str, values: dict[str, Any], code: str, said: str
) -> None:
    with pytest.raises(Refused) as no:
        await desk.inboxes.add(house.shop_id, kind, name, values)
    assert no.value.code == code
    assert said in no.value.message
    assert len(await house.rows("SELECT id FROM inbox")) == len(desk.inboxes.all()) == 1


async def test_secrets_are_sealed_at_rest_and_open_again(house: House, desk: Desk) -> None:
    inbox = await house.inbox_with(identity_secret=SECRET, greeting="欢迎")
    kept = str(await house.rows("SELECT config FROM inbox WHERE id = $1", inbox.id))
    assert SECRET not in kept
    assert "欢迎" in kept
    again = Inboxes(house.store, house.clock, Seal("a secret of the tests"), REGISTRY)
    await again.load()
    kept_open = again.by_key(inbox.key)
    assert kept_open == inbox
    assert kept_open.config.identity_secret == SECRET
    other = Inboxes(house.store, house.clock, Seal("another secret"), REGISTRY)
    with pytest.raises(Refused, match="another CONSOLE_SECRET") as no:
        await other.load()
    assert no.value.code == "unavailable"


async def test_a_change_keeps_what_is_left_out_and_is_written_down(
    house: House, desk: Desk
) -> None:
    inbox = await house.inbox_with(identity_secret=SECRET, greeting="欢迎")
    after = await desk.inboxes.change(
        house.shop_id, inbox.id, "新名字", {"greeting": "您好", "robot": True}, by="someone"
    )
    assert (after.name, after.config.greeting, after.config.robot) == ("新名字", "您好", True)
    assert after.config.identity_secret == SECRET
    assert desk.inboxes.by_key(inbox.key) == desk.inboxes.by_id(inbox.id) == after
    (log,) = await house.rows("SELECT agent_id, data FROM event WHERE kind = 'inbox_changed'")
    assert log[0] == "someone"
    assert [word in log[1] for word in (inbox.id, "greeting", "robot", SECRET, "您好")] == [
        True, True, True, False, False,
    ]  # fmt: skip
    kept = str(await house.rows("SELECT config FROM inbox WHERE id = $1", inbox.id))
    assert SECRET not in kept
    for shop_id, inbox_id in (("another", inbox.id), (house.shop_id, "made-up")):
        with pytest.raises(Refused) as no:
            await desk.inboxes.change(ShopId(shop_id), inbox_id, "x", {}, by="someone")
        assert no.value.code == "not_found"


async def test_the_disabled_is_listed_and_stays_so(house: House, desk: Desk) -> None:
    inbox = await house.inbox_with(greeting="欢迎")
    await house.store.write(
        lambda tx: tx.run("UPDATE inbox SET disabled_at = 1 WHERE id = $1", inbox.id)
    )
    again = Inboxes(house.store, house.clock, Seal("a secret of the tests"), REGISTRY)
    await again.load()
    assert {one.id: one.disabled for one in await again.of(house.shop_id)}[inbox.id]
    changed = await again.change(house.shop_id, inbox.id, None, {"greeting": "您好"}, by="x")
    assert (changed.config.greeting, again.by_id(inbox.id)) == ("您好", None)


async def test_one_address_rings_for_all_accounts_that_are_pulled(house: House, desk: Desk) -> None:
    sealed = {"token": "t", "encoding_aes_key": "a" * 43}
    company = {**sealed, "corp_id": "ww1", "secret": "s"}
    one, other = [
        await desk.inboxes.add(house.shop_id, "wecom", name, {**company, "open_kfid": name})
        for name in ("wk1", "wk2")
    ]
    official = {**sealed, "app_id": "wx1", "app_secret": "s"}
    wechat = await desk.inboxes.add(house.shop_id, "wechat", "号", official)
    assert [await desk.checking.called(each) for each in (one, other, wechat)] == [WAITING] * 3
    await desk.checking.heard(one)
    again = Checking(house.store, desk.inboxes)
    assert [await again.called(each) for each in (one, other, wechat)] == [HEARD, HEARD, WAITING]


def test_the_settings_that_are_secret_say_so() -> None:
    assert secret_fields(REGISTRY["widget"].Config) == ["identity_secret"]


async def test_an_unknown_key_is_nobody_s(desk: Desk) -> None:
    assert desk.inboxes.by_key("made-up") is None
