"""Files over HTTP: looked at, ticked, imported with progress, undone, exported; who may; limits."""

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from knowledge import formats
from knowledge.entry import Entry
from knowledge.formats import qianniu
from tests.program import Program
from tests.servers import stop
from tests.web.test_learning_api import Api, signed_in
from tests.web.test_wire import mismatches

MB = 1024 * 1024


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A shop of its own: imports bring and take back by the thousand."""
    one = Program(tmp_path_factory.mktemp("shop") / "data", environ={"CONSOLE_RATE_LIMITS": "off"})
    one.start()
    yield one
    assert one.process is not None
    stop(one.process)


@pytest.fixture
async def lead(shop: Program) -> AsyncIterator[Api]:
    async with signed_in(shop, "owner", shop.owner_password) as one:
        yield one


@pytest.fixture
def code(name: str) -> str:
    """A shortcut that no other test uses, and no question."""
    return name.replace("客服", "k")


def phrases(rows: list[tuple[str, str]], encoding: str = "gbk") -> bytes:
    into = io.StringIO()
    csv.writer(into).writerows([qianniu.HEADER, *((code, text, "") for code, text in rows)])
    return into.getvalue().encode(encoding)


def address(api: Api, file: str, **more: str) -> str:
    asked = "&".join(f"{key}={quote(one)}" for key, one in {"name": file, **more}.items())
    return f"{api.address}/imports?{asked}"


async def look(api: Api, data: bytes, file: str = "话术.csv") -> Any:
    answer = await api.http.post(address(api, file, dry_run="1"), data=data)
    shape = await answer.json()
    assert answer.status == 200, shape
    assert mismatches(shape, "ImportLook", "look") == []
    return shape


async def bring(
    api: Api, data: bytes, file: str = "话术.csv", **ticks: str
) -> tuple[int, list[Any]]:
    answer = await api.http.post(address(api, file, **ticks), data=data)
    text = await answer.text()
    return answer.status, [json.loads(line) for line in text.splitlines()]


async def imported(api: Api, data: bytes, file: str = "话术.csv", **ticks: str) -> Any:
    status, lines = await bring(api, data, file, **ticks)
    assert status == 200, lines
    *told, last = lines
    assert [one for line in told for one in mismatches(line, "ImportProgress", "line")] == []
    assert mismatches(last, "ImportDone", "last") == []
    return last["import"]


async def raw(answer: aiohttp.ClientResponse) -> bytes:
    """The bytes of an answer that was read before."""
    return (await answer.text("latin-1")).encode("latin-1")


async def undo(api: Api, import_id: str, **more: Any) -> tuple[int, Any]:
    return await api.post(f"/imports/{import_id}/undo", more)


async def test_from_the_look_to_the_undo(lead: Api, code: str) -> None:
    data = phrases([(f"{code}a", "甲"), (f"{code}b", "乙"), (f"{code}c", "")])
    total = (await lead.get("/entries?limit=1"))["total"]
    listed = await lead.get("/imports", "ImportList")
    seen = await look(lead, data)
    assert (seen["format"], seen["file"]) == ("qianniu", "话术.csv")
    assert [(one["row"], one["state"]) for one in seen["rows"]] == [
        (2, "new"), (3, "new"), (4, "faulty"),
    ]  # fmt: skip
    assert seen["rows"][0]["fields"]["answer"] == {"before": "", "after": "甲"}
    (message,) = seen["rows"][2]["messages"]
    assert (message["code"], message["severity"]) == ("missing", "error")
    assert "快捷短语" in message["message"]
    assert await lead.get("/imports") == listed
    for ticks in ({}, {"take": "all"}, {"take": "2-"}, {"take": "7"}, {"take": "two"}):
        status, (refusal,) = await bring(lead, data, **ticks)
        assert (status, refusal["error"]["code"]) == (400, "invalid"), ticks
    assert (await lead.get("/entries?limit=1"))["total"] == total
    done = await imported(lead, data, take="2-3")
    assert done["counts"] == {"new": 2, "changed": 0, "unchanged": 0, "conflicting": 0}
    assert (done["by"]["name"], done["undo"]) == ("owner", done["id"])
    assert (await lead.get("/imports", "ImportList"))["items"][0] == done
    seen = await look(lead, data)
    assert [set(one) for one in seen["rows"][:2]] == [{"row", "state", "id", "question"}] * 2
    entry = seen["rows"][0]["id"]
    answer = await lead.http.request(
        "PATCH", f"{lead.address}/entries/{entry}", json={"answer": "店里改的"}
    )
    assert answer.status == 200
    status, refusal = await undo(lead, done["id"])
    assert (status, mismatches(refusal["error"]["data"], "ChangedSince", "data")) == (409, [])
    assert refusal["error"]["data"]["entries"] == [{"id": entry, "question": "甲"}]
    status, back = await undo(lead, done["id"], keep_changed=True)
    assert mismatches(back, "ImportUndone", "undone") == []
    assert (status, back["deleted"], back["kept"]) == (200, 1, [entry])
    assert back["import"]["undo"] is None
    assert (await undo(lead, done["id"]))[0] == 409
    assert (await undo(lead, "made-up"))[0] == 404
    conflict = phrases([(f"{code}a", "文件改的")])
    (row,) = (await look(lead, conflict))["rows"]
    assert (row["state"], row["shop"]["answer"]) == ("conflicting", "店里改的")
    done = await imported(lead, conflict, conflicts="2")
    assert done["counts"]["changed"] == 1
    assert (await lead.get(f"/entries/{entry}"))["answer"] == "文件改的"


@pytest.mark.parametrize(
    ("file", "data", "status", "codes"),
    [
        ("x.csv", b"\xff\xfe", 200, ["encoding"]),
        ("x.unknown", b"nothing of ours", 200, ["missing", "type_fields"]),
        ("x.xlsx", b"PK\x03\x04 damaged", 200, ["not_xlsx"]),
        ("faq.yaml", b"", 200, ["missing"]),
        (" ", b"", 400, []),
        ("x" * 201, b"", 400, []),
    ],
)
async def test_what_is_no_file_of_ours(
    lead: Api, file: str, data: bytes, status: int, codes: list[str]
) -> None:
    answer = await lead.http.post(address(lead, file, dry_run="1"), data=data)
    shape = await answer.json()
    assert answer.status == status
    assert [one["code"] for one in shape.get("findings", [])] == codes
    refused, (line,) = await bring(lead, data, file)
    assert (refused, line["error"]["code"]) == (400, "invalid")


async def test_a_name_of_no_format_is_told_by_content(lead: Api, code: str) -> None:
    for encoding in ("gbk", "utf-8-sig"):
        data = phrases([(code, "镕")], encoding)
        seen = await look(lead, data, "C:\\桌面\\短语.txt")
        assert (seen["file"], seen["format"]) == ("短语.txt", "qianniu")
        assert [one["question"] for one in seen["rows"]] == ["镕"]


async def pieces(size: int) -> AsyncIterator[bytes]:
    while size > 0:
        yield b"x" * min(size, MB)
        size -= MB


async def test_twenty_megabytes(lead: Api) -> None:
    where = address(lead, "x.csv", dry_run="1")
    for body in (io.BytesIO(b"x" * (20 * MB + 1)), pieces(20 * MB + 1)):
        answer = await lead.http.post(where, data=body)
        assert (answer.status, (await answer.json())["error"]["code"]) == (413, "too_large")
    answer = await lead.http.post(where, data=pieces(2 * MB))
    assert (answer.status, (await answer.json())["counts"]["new"]) == (200, 0)


async def test_who_may(shop: Program, lead: Api, name: str) -> None:
    shop.hire(name)
    async with signed_in(shop, name) as own:
        for method, path in (
            ("POST", "/imports?name=x.csv&dry_run=1"),
            ("POST", "/imports?name=x.csv"),
            ("GET", "/imports"),
            ("POST", "/imports/made-up/undo"),
            ("GET", "/export?format=faq"),
        ):
            answer = await own.http.request(method, f"{own.address}{path}", data=b"x" * MB)
            assert answer.status == 403, path


async def test_ten_thousand_rows_tell_how_far_they_are(lead: Api) -> None:
    rows = [(f"k{n}", f"第{n}条，请放心") for n in range(10_000)]
    data = phrases(rows)
    ticks = ",".join(str(n) for n in range(2, 10_002, 2))
    record, told = None, []
    async with lead.http.session.post(address(lead, "many.csv", take=ticks), data=data) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/x-ndjson"
        async for line in answer.content:
            shape = json.loads(line)
            record = shape.get("import", record)
            told.append(shape)
    assert record is not None, told[-1]
    steps = [one["done"] for one in told[:-1]]
    assert steps == sorted(steps)
    assert len({*steps}) > 2
    assert told[-2] == {"done": 10_000, "total": 10_000}
    assert record["counts"]["new"] == 5_000
    assert (await undo(lead, record["id"]))[1]["deleted"] == 5_000
    assert (await look(lead, data))["counts"]["new"] == 10_000


async def test_who_goes_away_does_not_stop_it(lead: Api, name: str) -> None:
    data = phrases([(f"{name}-{n}", f"走了也要导入第{n}条") for n in range(3_000)])
    async with lead.http.session.post(address(lead, f"{name}.csv"), data=data) as answer:
        await answer.content.readline()
        answer.close()
    async with asyncio.timeout(60):
        while (await lead.get("/imports"))["items"][0]["file"] != f"{name}.csv":
            status, (refusal, *_) = await bring(lead, data, "other.csv", take="2")
            assert (status, refusal["error"]["code"]) == (409, "conflict")
            assert (await look(lead, phrases([(name, "随时可以看")])))["counts"]["new"] == 1
    done = (await lead.get("/imports"))["items"][0]
    assert done["counts"]["new"] == 3_000
    async with asyncio.timeout(60):
        while (undone := await undo(lead, done["id"]))[0] == 409:
            assert "under way" in undone[1]["error"]["message"], "it is still being matched"
    assert undone[1]["deleted"] == 3_000


KINDS = {
    "faq": ("application/yaml; charset=utf-8", ".yaml"),
    "qianniu": ("text/csv; charset=gbk", ".csv"),
    "workbook": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "lhc": ("text/csv; charset=utf-8", ".csv"),
}


@pytest.mark.parametrize("form", [*KINDS])
async def test_what_goes_out_comes_home(lead: Api, form: str) -> None:
    odd = {
        "question": "=1+1",
        "answer": "+86 客服电话",
        "id": f"odd-{form}",
        "shortcut": f"o{form}",
    }
    assert (await lead.post("/entries", odd))[0] == 201
    total = (await lead.get("/entries?limit=1"))["total"]
    answer = await lead.http.get(f"{lead.address}/export?format={form}")
    data = await raw(answer)
    media, extension = KINDS[form]
    assert (answer.status, answer.headers["Content-Type"]) == (200, media)
    said = answer.headers["Content-Disposition"]
    assert said.startswith('attachment; filename="knowledge-20')
    assert f"filename*=UTF-8''{quote('知识库')}-20" in said
    assert said.endswith(extension)
    seen = await look(lead, data, f"x{extension}")
    assert (seen["format"], seen["counts"]["unchanged"]) == (form, total)
    assert len(seen["rows"]) == total
    if extension == ".csv":
        assert "'+86" in data.decode("gb18030" if form == "qianniu" else "utf-8")
    gone = await lead.http.request("DELETE", f"{lead.address}/entries/odd-{form}")
    assert gone.status == 204


async def test_encodings_of_an_export(lead: Api, name: str) -> None:
    where = f"{lead.address}/export?format="
    for bad in ("faq&encoding=gbk", "workbook&encoding=utf8", "lhc&encoding=utf8", "pdf", ""):
        answer = await lead.http.get(f"{where}{bad}")
        assert (answer.status, (await answer.json())["error"]["code"]) == (400, "invalid"), bad
    answer = await lead.http.get(f"{where}qianniu&encoding=utf8")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert len(formats.read(await raw(answer), file="x.csv").rows) > 100
    smile = {"question": name, "answer": "好的🙂", "id": name}
    assert (await lead.post("/entries", smile))[0] == 201
    assert (await lead.http.get(f"{where}qianniu&encoding=gbk")).status == 400
    answer = await lead.http.get(f"{where}qianniu")
    sheet = formats.read(await raw(answer), file="x.csv")
    found: list[Entry] = [one for one in sheet.entries if "🙂" in one.answer]
    assert [one.answer for one in found] == ["好的🙂"]
