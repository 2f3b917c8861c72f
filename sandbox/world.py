"""The platform as a whole: accounts, chats, what people do, and what is pushed because of it."""

import itertools
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.accounts import Account, Kind
from sandbox.chats import TYPING_S, Chat, Line, new_chat
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.media import Media
from sandbox.people import PEOPLE, Person
from sandbox.pusher import ANSWER_S, Pusher
from sandbox.record import Record
from sandbox.refusals import Refusal
from sandbox.said import Act, Said, WrongAct, said
from sandbox.tokens import Tokens
from sandbox.windows import HOURS_48, Closed, UsedUp

WELCOME_S = 20


@dataclass(slots=True)
class Code:
    """What one send_msg_on_event may use, once."""

    chat: Chat
    until: float
    types: tuple[str, ...]


@dataclass(slots=True)
class World:
    """One of these per program; everything of it is in memory."""

    accounts: Sequence[Account]
    base: Callable[[], float] = time.time
    answer_s: float = ANSWER_S
    clock: Clock = field(init=False)
    faults: Faults = field(default_factory=Faults)
    record: Record = field(default_factory=Record)
    tokens: Tokens = field(init=False)
    media: Media = field(init=False)
    ledger: Ledger = field(init=False)
    pusher: Pusher = field(init=False)
    chats: dict[tuple[str, str], Chat] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    own_ids: set[str] = field(default_factory=set)
    verified: dict[str, str] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(init=False)

    def __post_init__(self) -> None:
        self.clock = Clock(self.base)
        self.tokens, self.media = Tokens(self.clock), Media(self.clock)
        self.ledger = Ledger(self.clock)
        self.pusher = Pusher(self.clock, self.faults, self.record, self.answer_s)
        # beyond 2^53 as real ones are, and never again those of an earlier program
        self._numbers = itertools.count(6 * 10**18 + time.time_ns() // 1000)

    def account(self, name: str) -> Account | None:
        return next((one for one in self.accounts if one.name == name), None)

    def chat(self, account: Account, person: Person) -> Chat:
        key = (account.name, person.id)
        if key not in self.chats:
            self.chats[key] = new_chat(account, person)
        return self.chats[key]

    def chat_of(self, account: Account, user: object) -> Chat | None:
        """By openid or external_userid."""
        chats = (self.chat(account, person) for person in PEOPLE)
        return next((one for one in chats if one.user == user), None)

    def act(self, account: Account, person: Person, act: Act, origin: str) -> Line:
        """A person does something. Raises WrongAct."""
        chat = self.chat(account, person)
        if account.kind is Kind.OFFICIAL and not chat.follows and act.type != "subscribe":
            raise WrongAct(f"{person.name} does not follow the account")
        deed = said(account.kind, act, self.media, origin)
        now = self.clock.now()
        if deed.trigger:
            chat.window.open(deed.trigger, now)
        if deed.trigger == "message":
            chat.heard_at, chat.typing_until = now, 0.0
        if act.type in ("subscribe", "unsubscribe"):
            chat.follows = act.type == "subscribe"
        if act.type == "unsubscribe":
            chat.window.close()
        if account.kind is Kind.KF:
            return self._kf_act(chat, act, deed)
        line = chat.add(self.clock.true(), act.type, deed.shown, own=True)
        self._push(chat, line, self._whole(chat, deed, line))
        return line

    def answered(self, chat: Chat, type_: str, data: dict[str, Any], *, msgid: str = "") -> Line:
        """The shop's message is on the phone."""
        chat.answered_at, chat.typing_until = self.clock.now(), 0.0
        line = chat.add(self.clock.true(), type_, data, msgid=msgid)
        self.record.changed()
        return line

    def spend(self, chat: Chat, *, closed: int, used_up: int) -> None:
        """One of the answers that are allowed. Raises Refusal with the code that fits."""
        now = self.clock.now()
        if self.faults.on("window_closed"):
            raise Refusal(closed)
        try:
            chat.window.check(now)
        except Closed as no:
            raise Refusal(closed) from no
        except UsedUp as no:
            raise Refusal(used_up) from no
        chat.window.spend(now)

    def type_to(self, chat: Chat, *, on: bool) -> None:
        chat.typing_until = self.clock.now() + TYPING_S if on else 0.0
        self.record.changed()

    def tell(self, chat: Chat, item: dict[str, Any], line: Line | None) -> None:
        """Put it on the list of 微信客服, and ring."""
        whole = {"msgid": secrets.token_urlsafe(24), "send_time": int(self.clock.true())}
        ids = {"open_kfid": chat.account.address, "external_userid": chat.user}
        if item["msgtype"] == "event":
            whole |= {"origin": 4, **item, "event": {**item["event"], **ids}}
        else:
            whole |= {"origin": 3, **ids, **item}
        self.ledger.add(whole)
        if line is not None:
            line.msgid = str(whole["msgid"])
        bell = {
            "ToUserName": chat.account.app_id, "CreateTime": int(self.clock.true()),
            "MsgType": "event", "Event": "kf_msg_or_event", "Token": self.ledger.token(),
            "OpenKfId": chat.account.address,
        }  # fmt: skip
        self._push(chat, line, bell)

    def code(self, chat: Chat, seconds: float, *types: str) -> str:
        """A code for one answer to an event."""
        text = secrets.token_urlsafe(24)
        self.codes[text] = Code(chat, self.clock.now() + seconds, types)
        return text

    def _kf_act(self, chat: Chat, act: Act, deed: Said) -> Line:
        line = chat.add(self.clock.true(), act.type, deed.shown, own=True)
        if deed.trigger == "message" and chat.session == 4:
            chat.session = 0
        item = deed.fields
        if act.type == "enter" and self._may_greet(chat):
            welcome = self.code(chat, WELCOME_S, "text", "msgmenu")
            item = {**item, "event": {**item["event"], "welcome_code": welcome}}
        self.tell(chat, item, line)
        return line

    def _may_greet(self, chat: Chat) -> bool:
        now = self.clock.now()
        times = [at for at in (chat.heard_at, chat.answered_at) if at is not None]
        return all(now - at > HOURS_48 for at in times)

    def _whole(self, chat: Chat, deed: Said, line: Line) -> dict[str, Any]:
        common = {
            "ToUserName": chat.account.address,
            "FromUserName": chat.user,
            "CreateTime": int(self.clock.true()),
        }
        whole = {**common, **deed.fields}
        if whole.get("MsgType") != "event" and "MsgId" not in whole:
            whole["MsgId"] = next(self._numbers)
        line.msgid = str(whole.get("MsgId", ""))
        return whole

    def _push(self, chat: Chat, line: Line | None, message: dict[str, Any]) -> None:
        def ended(state: str, reason: str, reply: tuple[str, dict[str, Any]] | None) -> None:
            if line is not None:
                line.state, line.reason = state, reason
            if reply is not None:
                self.answered(chat, *reply)

        if line is not None:
            line.state = "sending"
        self.pusher.push(chat.account, chat.user, message, ended)
