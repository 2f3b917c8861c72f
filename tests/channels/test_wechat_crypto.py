"""Sealed messages are opened as their makers sealed them, and nothing else is; hostile bodies are
refused at once."""

import base64
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels import wechat_crypto as crypto
from channels.base import Call, Forged
from channels.wechat_body import BadBody, fields_of, read, text_of
from channels.wechat_crypto import Lock
from tests.channels.wechat_vectors import ALL, V1, V2, V3, V4, Vector

SIGNED = {name: one for name, one in ALL.items() if one.msg_signature}


def at(vector: Vector, seconds: float = 0) -> datetime:
    return datetime.fromtimestamp(int(vector.timestamp), UTC) + timedelta(seconds=seconds)


def opened(vector: Vector, late_s: float = 0, **bent: str) -> str:
    """Opened as it came, or with some parts bent."""
    encrypt = bent.pop("encrypt", vector.encrypt)
    call = Call({}, b"", {**vector.query, **bent})
    return crypto.opened(vector.lock, call, encrypt, at(vector, late_s))


@pytest.mark.parametrize("vector", ALL.values(), ids=ALL.keys())
def test_each_vector_opens_and_closes_to_the_letter(vector: Vector) -> None:
    assert crypto.decrypted(vector.lock, vector.encrypt) == vector.plain
    again = crypto.encrypted(vector.lock, vector.plain, random=vector.random.encode())
    assert again == vector.encrypt


@pytest.mark.parametrize("vector", SIGNED.values(), ids=SIGNED.keys())
def test_each_signature_is_the_one_that_was_made(vector: Vector) -> None:
    for late_s in (-300, 0, 300):
        assert opened(vector, late_s=late_s) == vector.plain
    if vector.signature:
        made = crypto.signature(vector.token, vector.timestamp, vector.nonce)
        assert made == vector.signature


def test_the_bare_signature() -> None:
    assert crypto.signature("789", "456", "123") == "f7c3bc1d808e04732adf679965ccc34ca7ae3441"


@settings(max_examples=300, deadline=None)
@given(data=st.data(), part=st.sampled_from(["encrypt", "timestamp", "nonce", "msg_signature"]))
def test_one_bit_anywhere_and_it_is_forged(data: st.DataObject, part: str) -> None:
    whole = {**V1.query, "encrypt": V1.encrypt}
    letters = bytearray(whole[part].encode())
    place = data.draw(st.integers(0, len(letters) * 8 - 1))
    letters[place // 8] ^= 1 << place % 8
    bent = {**whole, part: letters.decode("latin-1")}
    with pytest.raises(Forged):
        opened(V1, 0, **bent)


@pytest.mark.parametrize("part", ["timestamp", "nonce", "msg_signature"])
def test_what_is_missing_is_forged(part: str) -> None:
    with pytest.raises(Forged):
        opened(V1, 0, **{part: ""})


@pytest.mark.parametrize("late_s", [-301, 301, 6 * 60, 10**9])
def test_what_is_late_is_forged(late_s: int) -> None:
    with pytest.raises(Forged, match="300 s"):
        opened(V1, late_s=late_s)


@pytest.mark.parametrize("timestamp", ["soon", "", "٣" * 10, "9" * 400, "-1", "1.5", "\udce9"])
def test_what_is_no_time_is_forged(timestamp: str) -> None:
    with pytest.raises(Forged, match="number"):
        opened(V1, timestamp=timestamp)


@pytest.mark.parametrize(
    "lock",
    [
        Lock(V1.token, V2.key, V1.id),
        Lock(V1.token, V1.key, "wx2c2769f8efd9abc3"),
        Lock(V1.token, V1.key, ""),
        Lock(V1.token, V1.key, V1.id + "x"),
        V2.lock,
    ],
    ids=["key", "id", "no id", "longer id", "another account"],
)
def test_what_is_for_somebody_else_does_not_open(lock: Lock) -> None:
    """Signed as that lock would sign it: what fails then is the seal itself."""
    proof = crypto.signature(lock.token, V1.timestamp, V1.nonce, V1.encrypt)
    call = Call({}, b"", {**V1.query, "msg_signature": proof})
    with pytest.raises(Forged, match=r"does not open|for another account|UTF-8"):
        crypto.opened(lock, call, V1.encrypt, at(V1))


@pytest.mark.parametrize("lock", [Lock("another", V1.key, V1.id), V2.lock])
def test_who_signs_with_another_token_is_not_heard(lock: Lock) -> None:
    with pytest.raises(Forged, match="msg_signature"):
        crypto.opened(lock, Call({}, b"", V1.query), V1.encrypt, at(V1))


def resealed(plain: bytes) -> str:
    """Sealed with V1's key, whatever it is."""
    encryptor = crypto._cipher(V1.lock.key).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


RANDOM = b"0123456789abcdef"
TAIL = V1.id.encode()


def padded(plain: bytes, pad: int | None = None) -> bytes:
    pad = 32 - len(plain) % 32 if pad is None else pad
    return plain + bytes([pad % 256]) * pad


@pytest.mark.parametrize(
    "plain",
    [
        padded(RANDOM + b"\0\0\0\5hello" + TAIL)[:-1] + b"\0",
        padded(RANDOM + b"\0\0\0\x0a" + b"x" * 10 + TAIL + b"y" * 16, 33)[:64],
        RANDOM + b"\0\0\0\5hello" + TAIL + b"\1" * 4 + b"\5",
        padded(RANDOM + b"\xff\xff\xff\xffhello" + TAIL),
        padded(RANDOM + b"\0\0\0\x20hello" + TAIL),
        padded(RANDOM[:12]),
        padded(RANDOM + b"\0\0\0\1\xff" + TAIL),
        b"\x20" * 32,
    ],
    ids=["pad 0", "pad 33", "uneven pad", "N of 4 GB", "N over", "short", "not UTF-8", "all pad"],
)
def test_what_is_sealed_wrongly_is_forged(plain: bytes) -> None:
    plain = plain[: len(plain) // 16 * 16]
    with pytest.raises(Forged):
        crypto.decrypted(V1.lock, resealed(plain))


@pytest.mark.parametrize("encrypt", ["", "no base64!", "AAAA", V1.encrypt[:-8], "é" * 44])
def test_what_is_no_ciphertext_is_forged(encrypt: str) -> None:
    with pytest.raises(Forged):
        crypto.decrypted(V1.lock, encrypt)


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=200), st.binary(min_size=16, max_size=16))
def test_whatever_is_sealed_opens(text: str, random: bytes) -> None:
    lock = V4.lock
    assert crypto.decrypted(lock, crypto.encrypted(lock, text, random=random)) == text


def test_wecom_seals_the_word_it_tries_an_address_with() -> None:
    assert opened(V3) == "1616140317555161061"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ("<xml><A><![CDATA[甲]]></A><B>乙</B></xml>", {"A": "甲", "B": "乙"}),
        ("<xml><A><![CDATA[a]]]]><![CDATA[>b]]></A></xml>", {"A": "a]]>b"}),
        ("<xml><A><![CDATA[<B>x</B>]]></A><B/></xml>", {"A": "<B>x</B>", "B": ""}),
        ("\ufeff <?xml version='1.0' encoding='utf-8'?><xml><A>1</A></xml>", {"A": "1"}),
        ("<xml><L><I>1</I><I>2</I></L></xml>", {"L": {"I": ["1", "2"]}}),
        (' {"A": "甲", "MsgId": 12345678901234567890}', {"A": "甲", "MsgId": 12345678901234567890}),
    ],
)
def test_bodies_are_read(body: str, fields: dict[str, object]) -> None:
    assert read(body.encode()) == fields


def test_fields_are_texts() -> None:
    fields = read('{"n": 7, "s": " x ", "nul": "a\\u0000b", "f": {"x": 1}, "b": true, "z": null}')
    assert [text_of(fields, one) for one in "nsfbz"] == ["7", "x", "", "", ""]
    assert text_of(fields, "s", whole=True) == " x "
    assert text_of(fields, "nul") == "ab"
    assert (fields_of(fields, "f"), fields_of(fields, "s")) == ({"x": 1}, {})
    with pytest.raises(BadBody, match="too large"):
        text_of({"n": 1 << 70}, "n")


LAUGHS = (
    '<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><xml><A>&c;</A></xml>'
)
HOSTILE = {
    "nothing": b"",
    "blank": b"  \n",
    "text": b"hello",
    "a list": b"[1]",
    "doctype": b"<!DOCTYPE xml><xml><A>1</A></xml>",
    "laughs": LAUGHS.encode(),
    "quadratic": b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 30_000 + b'">]><xml>' + b"&a;" * 9000,
    "external": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>',
    "external dtd": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><xml/>',
    "parameter": b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1:1/"> %a;]><xml/>',
    "entity": b"<xml><A>&nbsp;</A></xml>",
    "long name": b"<xml><" + b"a" * 60_000 + b">",
    "long value": b'<xml a="' + b"a" * 60_000,
    "open": b"<xml>" + b"<a><b/>" * 8000,
    "deep": b"<xml>" + b"<a>" * 9000 + b"</a>" * 9000 + b"</xml>",
    "deep JSON": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "list of lists": b'{"a":' + b"[" * 60_000,
    "huge number": b'{"a":' + b"9" * 60_000 + b"}",
    "twice": b"<xml/><xml/>",
    "other root": b"<html><A>1</A></html>",
    "gbk": '<?xml version="1.0" encoding="gbk"?><xml><A>甲</A></xml>'.encode("gbk"),
    "said to be gbk": '<?xml version="1.0" encoding="gbk"?><xml><A>甲</A></xml>'.encode(),
    "said to be UTF-16": b'<?xml version="1.0" encoding="utf-16"?><xml/>',
    "unknown encoding": b'<?xml version="1.0" encoding="x-no"?><xml/>',
    "UTF-16": "<xml><A>1</A></xml>".encode("utf-16"),
    "UTF-7": b'<?xml version="1.0" encoding="utf-7"?><xml>+ADw-A/></xml>',
    "not UTF-8": b"<xml><A>\xff\xfe</A></xml>",
    "NUL": b"<xml><A>\0</A></xml>",
    "surrogate": b"<xml><A>&#xD800;</A></xml>",
    "JSON surrogate": b'{"A": "\\ud800"}',
    "cut CDATA": b"<xml><A><![CDATA[a</A></xml>",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_bodies_are_refused_at_once(body: bytes) -> None:
    """Within 50 ms of this thread's own time, when nothing else, such as a collection of the whole
    run's garbage, falls into it."""

    def spent() -> float:
        begun = time.thread_time()
        with pytest.raises(BadBody):
            read(body)
        return time.thread_time() - begun

    assert min(spent() for _ in range(5)) < 0.05


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda one: f"<xml>{one}".encode()))
def test_no_body_breaks_it(body: bytes) -> None:
    try:
        fields = read(body)
    except BadBody:
        return
    assert isinstance(fields, dict)
