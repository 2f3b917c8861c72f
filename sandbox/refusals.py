"""The errcodes that are answered, each with the sentence that goes with it."""

import secrets

from sandbox.accounts import Kind

SENTENCES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40005: "invalid file type",
    40006: "invalid meida size",  # spelt so by the platform
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40058: "invalid Request Parameter",
    40096: "invalid external userid",
    40101: "missing parameter",
    40125: "invalid appsecret",
    40164: "invalid ip {detail}, not in whitelist",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    42001: "access_token expired",
    43002: "require POST method",
    43004: "require subscribe",
    44001: "empty media data",
    44002: "empty post data",
    44004: "empty content",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45003: "title size out of limit",
    45004: "description size out of limit",
    45005: "url size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45072: "command field type is invalid",
    45080: "can not send typing: no message in the last 30 seconds",
    45081: "can not send typing: already typing",
    47001: "data format error",
    48001: "api unauthorized",
    48002: "api forbidden",
    60020: "not allow to access from your ip",
    61452: "invalid kf_account",
    95000: "invalid open_kfid",
    95001: "send msg count limit",
    95002: "send msg time limit",
    95007: "invalid msg token",
    95014: "servicer is not in the list",
    95016: "session status change is not allowed",
    95018: "send msg session status invalid",
}


class Refusal(Exception):
    """An errcode other than 0. `detail` is for the sentence, and for whoever reads the log."""

    def __init__(self, code: int, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail

    def shape(self, kind: Kind, address: str) -> dict[str, object]:
        """As it is answered; the tail is not for matching on, and never twice the same."""
        sentence = SENTENCES.get(self.code, "error").replace("{detail}", self.detail)
        if self.detail and self.detail not in sentence:
            sentence += f": {self.detail}"
        mark = secrets.token_hex(4)
        if kind is Kind.KF:
            tail = f", hint: [{mark}], from ip: {address}"
        else:
            tail = f" rid: {mark}-{secrets.token_hex(4)}-{secrets.token_hex(4)}"
        return {"errcode": self.code, "errmsg": sentence + tail}
