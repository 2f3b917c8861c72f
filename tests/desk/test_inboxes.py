"""Channel accounts: settings checked by name, secrets sealed, kept over a restart."""

from typing import Any

import pytest

from channels import REGISTRY
from console.desk import Desk
from console.desk.forms import secret_fields
from console.desk.inboxes import Inboxes
from console.model.refusal import Refused
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


def test_the_settings_that_are_secret_say_so() -> None:
    assert secret_fields(REGISTRY["widget"].Config) == ["identity_secret"]


async def test_an_unknown_key_is_nobody_s(desk: Desk) -> None:
    assert desk.inboxes.by_key("made-up") is None
