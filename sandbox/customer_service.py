"""The API of 微信客服: its token, the list of what happened, messages, sessions, people."""

import secrets
from typing import Any

from sandbox.accounts import Kind
from sandbox.answers import checked, decoded, own_id, text_field
from sandbox.calls import Answer, Call, Door, done
from sandbox.chats import Chat
from sandbox.people import union_of
from sandbox.refusals import Refusal
from sandbox.windows import HOURS_48
from sandbox.world import World

KF = (Kind.KF,)
MOST = 1000
MOST_PEOPLE = 100
CURSOR_BYTES = 64
END_S = 20
REFUSED_BY_USER = 10
MOVES = {0: (1, 2, 3, 4), 1: (2, 3, 4), 2: (3, 4), 3: (3, 4), 4: ()}


def gettoken(world: World, call: Call) -> Answer:
    found = [
        one for one in world.accounts if one.kind is Kind.KF and one.app_id == call.query["corpid"]
    ] if call.query.get("corpid") else []  # fmt: skip
    if not found:
        raise Refusal(40013)
    if not call.query.get("corpsecret"):
        raise Refusal(41004)
    if found[0].secret != call.query["corpsecret"]:
        raise Refusal(40001)
    issued = world.tokens.company(found[0])
    return done(access_token=issued.text, expires_in=world.tokens.left_s(issued))


def sync_msg(world: World, call: Call) -> Answer:
    body = decoded(call.body)
    if set(body) - {"cursor", "token", "limit", "voice_format", "open_kfid"}:
        raise Refusal(40058)
    if "open_kfid" in body and body["open_kfid"] != call.account.address:
        raise Refusal(95000)
    cursor, token, limit = body.get("cursor", ""), body.get("token", ""), body.get("limit", MOST)
    if not isinstance(cursor, str) or not isinstance(token, str) or len(cursor) > CURSOR_BYTES:
        raise Refusal(40058, "cursor")
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MOST:
        raise Refusal(40058, "limit")
    world.ledger.check_token(token)
    page = world.ledger.page(cursor, limit, empty_first=world.faults.on("empty_pages"))
    return done(next_cursor=page.cursor, has_more=int(page.more), msg_list=page.items)


def send_msg(world: World, call: Call) -> Answer:
    body = decoded(call.body)
    chat = _chat(world, call, body, "touser")
    given = own_id(body)
    type_, data = checked(Kind.KF, body, world.media, others=("touser", "open_kfid", "msgid"))
    msgid = _fresh(world, given)
    if chat.session not in (0, 1):
        raise Refusal(95018)
    world.spend(chat, closed=95002, used_up=95001)
    world.own_ids.add(msgid)
    later = world.faults.on("send_fails_later")
    line = world.answered(chat, type_, data, msgid=msgid)
    if later:
        line.state, line.reason = "failed", f"fail_type {REFUSED_BY_USER}"
        failed = {
            "event_type": "msg_send_fail", "fail_msgid": msgid, "fail_type": REFUSED_BY_USER,
        }  # fmt: skip
        world.tell(chat, {"msgtype": "event", "event": failed}, None)
    return done(msgid=msgid)


def send_msg_on_event(world: World, call: Call) -> Answer:
    body = decoded(call.body)
    text = text_field(body, "code", 40058)
    given = own_id(body)
    code = world.codes.get(text)
    if code is None or code.until <= world.clock.now():
        raise Refusal(40058, "code")  # unsure
    type_, data = checked(Kind.KF, body, world.media, others=("code", "msgid"))
    if type_ not in code.types:
        raise Refusal(40008, type_)
    msgid = _fresh(world, given)
    world.own_ids.add(msgid)
    del world.codes[text]
    world.answered(code.chat, type_, data, msgid=msgid)
    return done(msgid=msgid)


def state_get(world: World, call: Call) -> Answer:
    body = decoded(call.body)
    chat = _chat(world, call, body, "external_userid")
    more = {"servicer_userid": chat.servicer} if chat.session == 3 else {}
    return done(service_state=chat.session, **more)


def state_trans(world: World, call: Call) -> Answer:
    body = decoded(call.body)
    chat = _chat(world, call, body, "external_userid")
    state = body.get("service_state")
    if isinstance(state, bool) or not isinstance(state, int) or state not in MOVES:
        raise Refusal(40058, "service_state")
    if state not in MOVES[chat.session]:
        raise Refusal(95016)
    servicer = body.get("servicer_userid", "")
    if state == 3 and (not isinstance(servicer, str) or not servicer):
        raise Refusal(95014)
    chat.session, chat.servicer = state, str(servicer) if state == 3 else ""
    world.record.changed()
    if state in (2, 3):
        return done(msg_code=world.code(chat, HOURS_48, "text"))
    if state == 4:
        return done(msg_code=world.code(chat, END_S, "text", "msgmenu"))
    return done()


def customers(world: World, call: Call) -> Answer:
    body = decoded(call.body)
    wanted = body.get("external_userid_list")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= MOST_PEOPLE:
        raise Refusal(40058, "external_userid_list")
    found = {str(one): world.chat_of(call.account, one) for one in wanted}
    people: list[dict[str, Any]] = [
        {
            "external_userid": user, "nickname": chat.person.name, "avatar": "", "gender": 0,
            "unionid": union_of(chat.person),
        }
        for user, chat in found.items() if chat is not None
    ]  # fmt: skip
    unknown = [user for user, chat in found.items() if chat is None]
    return done(customer_list=people, invalid_external_userid=unknown)


def accounts(world: World, call: Call) -> Answer:
    mine = call.account
    row = {
        "open_kfid": mine.address, "name": mine.title, "avatar": "", "manage_privilege": True,
    }  # fmt: skip
    return done(account_list=[row])


def _chat(world: World, call: Call, body: dict[str, Any], name: str) -> Chat:
    if body.get("open_kfid") != call.account.address:
        raise Refusal(95000)
    chat = world.chat_of(call.account, body.get(name))
    if chat is None:
        raise Refusal(40096)
    return chat


def _fresh(world: World, given: str) -> str:
    """An id of the sender's own must be new; the documents promise an error and no code."""
    if given in world.own_ids:
        raise Refusal(40058, "msgid was used before")  # unsure
    return given or secrets.token_urlsafe(24)


DOORS = {
    "/cgi-bin/gettoken": Door("GET", KF, gettoken, token=False),
    "/cgi-bin/kf/sync_msg": Door("POST", KF, sync_msg),
    "/cgi-bin/kf/send_msg": Door("POST", KF, send_msg, sends=True),
    "/cgi-bin/kf/send_msg_on_event": Door("POST", KF, send_msg_on_event, sends=True),
    "/cgi-bin/kf/service_state/get": Door("POST", KF, state_get),
    "/cgi-bin/kf/service_state/trans": Door("POST", KF, state_trans),
    "/cgi-bin/kf/customer/batchget": Door("POST", KF, customers),
    "/cgi-bin/kf/account/list": Door("POST", KF, accounts),
}
