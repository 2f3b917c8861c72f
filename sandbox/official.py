"""The API of 公众号 and 小程序: tokens, messages, typing, people."""

from typing import Any

from sandbox.accounts import Account, Kind
from sandbox.answers import check_kf_account, checked, decoded, text_field
from sandbox.calls import Answer, Call, Door, done
from sandbox.people import union_of
from sandbox.refusals import Refusal
from sandbox.tokens import Issued
from sandbox.world import World

HEARD_S = 30
SECRET_SIZE = 32
BOTH = (Kind.OFFICIAL, Kind.MINI)


def token(world: World, call: Call) -> Answer:
    if call.query.get("grant_type") != "client_credential":
        raise Refusal(40002)
    account = _account(world, call.query.get("appid"), call.query.get("secret"))
    return _given(world, world.tokens.plain(account))


def stable_token(world: World, call: Call) -> Answer:
    body = decoded(call.body)
    if body.get("grant_type") != "client_credential":
        raise Refusal(40002)
    force = body.get("force_refresh", False)
    unknown = set(body) - {"grant_type", "appid", "secret", "force_refresh"}
    if unknown or not isinstance(force, bool):
        raise Refusal(47001, ", ".join(unknown) or "force_refresh")
    account = _account(world, body.get("appid"), body.get("secret"))
    return _given(world, world.tokens.stable(account, force=force))


def send(world: World, call: Call) -> Answer:
    body, account = decoded(call.body), call.account
    chat = world.chat_of(account, text_field(body, "touser", 40003))
    if chat is None:
        raise Refusal(40003)
    others = ("touser", "customservice") if account.kind is Kind.OFFICIAL else ("touser",)
    type_, data = checked(account.kind, body, world.media, others=others)
    check_kf_account(body)
    world.spend(chat, closed=45015, used_up=45047)
    world.answered(chat, type_, data)
    return done()


def business_send(world: World, call: Call) -> Answer:
    """Named for mini programs on one page of the documents; it wants a business's id."""
    raise Refusal(40101, "businessid")


def typing(world: World, call: Call) -> Answer:
    body = decoded(call.body)
    if set(body) - {"touser", "command"}:
        raise Refusal(47001)
    chat = world.chat_of(call.account, body.get("touser"))
    if chat is None:
        raise Refusal(40003)
    if body.get("command") not in ("Typing", "CancelTyping"):
        raise Refusal(45072)
    now, on = world.clock.now(), body["command"] == "Typing"
    if on and (chat.heard_at is None or now - chat.heard_at > HEARD_S):
        raise Refusal(45080)
    if on and chat.typing_until > now:
        raise Refusal(45081)
    world.type_to(chat, on=on)
    return done()


def user_info(world: World, call: Call) -> Answer:
    chat = world.chat_of(call.account, call.query.get("openid"))
    if chat is None:
        raise Refusal(40003)
    info: dict[str, Any] = {"subscribe": int(chat.follows), "openid": chat.user}
    if not chat.follows:
        return {**info, "unionid": union_of(chat.person)}
    names = ("", "") if world.faults.on("names_withheld") else (chat.person.name, "")
    return {
        **info, "nickname": names[0], "sex": 0, "language": "zh_CN", "city": "", "province": "",
        "country": "", "headimgurl": names[1], "subscribe_time": int(world.clock.true()),
        "unionid": union_of(chat.person), "remark": "", "groupid": 0, "tagid_list": [],
        "subscribe_scene": "ADD_SCENE_QR_CODE", "qr_scene": 0, "qr_scene_str": "",
    }  # fmt: skip


def _account(world: World, app_id: object, secret: object) -> Account:
    if not app_id:
        raise Refusal(41002)
    if not secret:
        raise Refusal(41004)
    found = [one for one in world.accounts if one.kind in BOTH and one.app_id == app_id]
    if not found:
        raise Refusal(40013)
    if found[0].secret != secret:
        # not even the form of a secret, or one of somebody else
        raise Refusal(40001 if len(str(secret)) == SECRET_SIZE else 40125)
    return found[0]


def _given(world: World, issued: Issued) -> Answer:
    return {"access_token": issued.text, "expires_in": world.tokens.left_s(issued)}


DOORS = {
    "/cgi-bin/token": Door("GET", BOTH, token, token=False),
    "/cgi-bin/stable_token": Door("POST", BOTH, stable_token, token=False),
    "/cgi-bin/message/custom/send": Door("POST", BOTH, send, sends=True),
    "/cgi-bin/message/custom/business/send": Door("POST", BOTH, business_send),
    "/cgi-bin/message/custom/typing": Door("POST", BOTH, typing),
    "/cgi-bin/message/custom/business/typing": Door("POST", (Kind.MINI,), typing),
    "/cgi-bin/user/info": Door("GET", (Kind.OFFICIAL,), user_info),
}
