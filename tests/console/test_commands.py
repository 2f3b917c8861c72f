"""The command line beside a running server and alone: what it does, and what it says when not."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.program import PASSWORD, Program
from tests.servers import stop

FAQ = """version: 1
shop: 茶铺
entries:
  - id: kaifapiao  # 发票
    category: 售后/发票
    question: 可以开发票吗
    similar: [能开票吗, 发票怎么开, 要发票]
    answer: 可以的，下单时填写抬头就好。
"""
BROKEN = FAQ + "  - id: kaifapiao\n    question: 又一次\n    answer: {店铺}\n"


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A folder with a server on it."""
    one = Program(tmp_path_factory.mktemp("beside") / "data")
    one.start()
    yield one
    assert one.process is not None
    stop(one.process)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A folder without one."""
    return Program(tmp_path_factory.mktemp("alone") / "data")


@pytest.fixture(params=["beside", "alone"])
def shop(request: pytest.FixtureRequest) -> Program:
    found: Program = request.getfixturevalue(request.param)
    return found


def test_agents_are_added_and_listed(shop: Program) -> None:
    shop.add_agent("王芳", "--group", "售前", "--group", "售后", "--capacity", "7")
    shop.add_agent("赵敏", "--role", "supervisor")
    rows = [json.loads(line) for line in shop.cli("agent", "list", "--json").stdout.splitlines()]
    by_name = {row["name"]: row for row in rows}
    assert {"owner", "王芳", "赵敏"} <= by_name.keys()
    assert (by_name["王芳"]["capacity"], by_name["王芳"]["groups"]) == (7, ["售前", "售后"])
    assert by_name["赵敏"]["role"] == "supervisor"
    assert "王芳\tagent\tavailable\t7\t售前,售后" in shop.cli("agent", "list").stdout


def test_agents_are_refused(beside: Program) -> None:
    beside.hire("李雷")
    rows = beside.cli("agent", "list").stdout
    refusals = {
        "already": ("李雷", PASSWORD, []),
        "8 to 200": ("短", "short", []),
        "没有": ("新人", PASSWORD, ["--group", "没有"]),
        "capacity": ("新人", PASSWORD, ["--capacity", "-1"]),
        "`name`": (" ", PASSWORD, []),
    }
    for reason, (name, password, more) in refusals.items():
        done = beside.cli(
            "agent", "add", name, "--password-stdin", *more, stdin=f"{password}\n", check=False
        )
        assert (done.returncode, done.stdout) == (1, ""), reason
        assert reason in done.stderr
        assert PASSWORD not in done.stderr
    assert beside.cli("agent", "list").stdout == rows


def test_inboxes_are_added_and_listed(shop: Program) -> None:
    done = shop.cli(
        "inbox", "add", "widget", "官网", "--set", "greeting=您好", "robot=true",
        "--set", "identity_secret=a-long-shared-secret", "--json",
    )  # fmt: skip
    made = json.loads(done.stdout)
    assert set(made) == {"id", "key", "kind", "name", "hook"}
    assert (made["kind"], made["name"]) == ("widget", "官网")
    listed = shop.cli("inbox", "list", "--json")
    assert made in [json.loads(line) for line in listed.stdout.splitlines()]
    assert "a-long-shared-secret" not in done.stdout + listed.stdout
    assert b"a-long-shared-secret" not in (shop.data / "dianxiaoer.db").read_bytes()
    assert f"widget\t官网\t{made['key']}" in shop.cli("inbox", "list").stdout


def test_inboxes_are_refused(beside: Program) -> None:
    beside.open_inbox("旗舰店")
    refusals = [
        (["pigeon", "鸽子"], "pigeon"),
        (["widget", "甲", "--set", "colour=red"], "`colour`"),
        (["widget", "甲", "--set", "reopen_hours=soon"], "reopen_hours"),
        (["widget", "甲", "--set", "reopen_hours=721"], "reopen_hours"),
        (["widget", "旗舰店"], "already"),
    ]
    for words, reason in refusals:
        refused = beside.cli("inbox", "add", *words, check=False)
        assert (refused.returncode, refused.stdout) == (1, ""), words
        assert reason in refused.stderr


def test_knowledge_is_taken_in_and_given_back(shop: Program, tmp_path: Path) -> None:
    file, out = tmp_path / "faq.yaml", tmp_path / "out.yaml"
    file.write_text(FAQ, "utf-8")
    would = json.loads(shop.cli("kb", "import", str(file), "--dry-run", "--json").stdout)
    assert (would["new"], would["errors"]) == (1, [])
    done = json.loads(shop.cli("kb", "import", str(file), "--json").stdout)
    assert done == would
    again = json.loads(shop.cli("kb", "import", str(file), "--json").stdout)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 1)
    assert "unchanged 1" in shop.cli("kb", "import", str(file)).stdout

    shop.cli("kb", "export", str(out))
    assert "可以开发票吗" in out.read_text("utf-8")
    exported = out.read_bytes()
    shop.cli("kb", "export", str(out))
    assert out.read_bytes() == exported


def test_damaged_knowledge_is_refused(beside: Program, tmp_path: Path) -> None:
    file = tmp_path / "faq.yaml"
    file.write_text(BROKEN, "utf-8")
    refused = beside.cli("kb", "import", str(file), "--json", check=False)
    assert refused.returncode == 1
    errors = json.loads(refused.stdout)["errors"]
    assert all(one["row"] >= 1 and one["message"] for one in errors)
    assert errors
    assert str(file) in refused.stderr
    missing = beside.cli("kb", "import", str(tmp_path / "none.yaml"), check=False)
    assert (missing.returncode, "none.yaml" in missing.stderr) == (1, True)
    nowhere = beside.cli("kb", "export", str(tmp_path / "no" / "folder.yaml"), check=False)
    assert (nowhere.returncode, "folder.yaml" in nowhere.stderr) == (1, True)


@pytest.mark.parametrize("words", [[], ["--encoding", "utf8"], ["--format", "lhc"]])
@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_every_format_comes_back_as_it_went(
    shop: Program, tmp_path: Path, name: str, words: list[str]
) -> None:
    if name == "out.xlsx" and words:
        words = ["--format", "xlsx"]
    file, out = tmp_path / "话术.csv", tmp_path / name
    text = '快捷短语编码,快捷短语,快捷短语分组\r\nfh,"/:^_^ 今天发\r\n放心",物流\r\nfh,=1+1,\r\n'
    file.write_bytes(text.encode("gbk"))
    shop.cli("kb", "import", str(file))
    shop.cli("kb", "export", str(out), *words)
    done = json.loads(shop.cli("kb", "import", str(out), "--json").stdout)
    assert set(done) == {"new", "changed", "unchanged", "conflicts", "errors"}
    assert (done["new"], done["changed"], done["conflicts"], done["errors"]) == (0, 0, [], [])
    assert done["unchanged"] >= 2


def test_a_row_is_named_in_both_languages(beside: Program, tmp_path: Path) -> None:
    file, odd = tmp_path / "话术.csv", tmp_path / "out.csv"
    file.write_text("快捷短语编码,快捷短语,快捷短语分组\nfh,好,\nth,,\n", "utf-8-sig")
    refused = beside.cli("kb", "import", str(file), "--json", check=False)
    (error,) = json.loads(refused.stdout)["errors"]
    assert (refused.returncode, error["row"]) == (1, 3)
    assert f"{file}:3: 快捷短语 is missing" in refused.stderr
    beside.environ["LC_ALL"] = "zh_CN.UTF-8"
    refused = beside.cli("kb", "import", str(file), check=False)
    del beside.environ["LC_ALL"]
    assert f"{file}:3: 缺少「快捷短语」" in refused.stderr
    checked = beside.cli("kb", "check", str(file), check=False)
    assert (checked.returncode, ":3: 错误" in checked.stderr) == (1, True)
    file.write_text("title,msg,disabled\n发货,当天😀,0\n旧,旧,1\n", "utf-8")
    done = beside.cli("kb", "import", str(file), "--json")
    assert json.loads(done.stdout)["errors"] == []
    assert f"{file}:3: disabled" in done.stderr
    no_gbk = beside.cli("kb", "export", str(odd), "--encoding", "gbk", check=False)
    assert (no_gbk.returncode, odd.exists(), "U+1F600" in no_gbk.stderr) == (1, False, True)


def test_eight_at_once(shop: Program) -> None:
    names = [f"同时{number}" for number in range(8)]
    with ThreadPoolExecutor(8) as hands:
        list(hands.map(shop.add_agent, names))
    rows = [json.loads(line) for line in shop.cli("agent", "list", "--json").stdout.splitlines()]
    assert set(names) <= {row["name"] for row in rows}


def test_what_was_added_alone_is_there_beside(alone: Program) -> None:
    assert not (alone.data / "control").exists()
    assert (alone.data / "secret").stat().st_mode & 0o777 == 0o600
    assert "owner" in alone.cli("agent", "list").stdout


@pytest.mark.parametrize(
    "words",
    [
        ["agent"],
        ["nonsense"],
        ["agent", "add", "王芳"],
        ["agent", "add", "王芳", "--role", "king", "--password-stdin"],
        ["inbox", "add", "widget", "甲", "--set", "no-equals"],
        ["kb", "import"],
        ["agent", "list", "--verbose"],
    ],
)
def test_wrong_usage_is_two(alone: Program, words: list[str]) -> None:
    done = alone.cli(*words, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage" in done.stderr


def test_a_file_is_checked(alone: Program, tmp_path: Path) -> None:
    file = tmp_path / "faq.yaml"
    file.write_text(FAQ, "utf-8")
    good = alone.cli("kb", "check", str(file))
    assert good.stdout.startswith("1 entries, 0 errors")
    file.write_text(BROKEN, "utf-8")
    bad = alone.cli("kb", "check", str(file), check=False)
    assert bad.returncode == 1
    assert f"{file}:9: " in bad.stderr
    assert "[entries[1].id]" in bad.stderr
    assert alone.cli("kb", "check", str(tmp_path / "none"), check=False).returncode == 1
    file.write_bytes(b"\xff\xfe\x00entries")
    assert alone.cli("kb", "check", str(file), check=False).returncode == 1


def test_the_matcher_is_measured(alone: Program, tmp_path: Path) -> None:
    kb, queries = tmp_path / "kb.yaml", tmp_path / "queries.jsonl"
    kb.write_text(FAQ.replace("version: 1\nshop: 茶铺\n", ""), "utf-8")
    rows = [
        {"id": "1", "text": "开票", "gold": ["kaifapiao"]},
        {"id": "2", "text": "天气", "gold": []},
    ]
    queries.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    words = ["kb", "eval", "--kb", str(kb), "--queries", str(queries)]
    figures = json.loads(alone.cli(*words, "--json").stdout)
    named = {"hit@1", "hit@3", "hit@5", "mrr@10", "auroc", "p50_ms", "p99_ms"}
    assert figures.keys() >= named | {"build_s", "entries", "queries"}
    assert (figures["hit@1"], figures["entries"], figures["queries"]) == (1.0, 1, 2)
    assert "hit@1" in alone.cli(*words).stdout
    queries.write_text('{"text": "no id"}', "utf-8")
    refused = alone.cli(*words, check=False)
    assert (refused.returncode, "row 1" in refused.stderr) == (1, True)
