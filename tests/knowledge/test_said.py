"""The desk's browser program fills blanks and chooses wordings itself, while an agent picks: one
table holds it to the server's rules."""

import json
import subprocess
from pathlib import Path
from typing import Any

from bootstrap import node
from knowledge import Entry, markup, variables
from knowledge.entry import Variant

CASES = json.loads((Path(__file__).parent / "data/said.json").read_text("utf-8"))
STATIC = Path(__file__).resolve().parents[2] / "static"
ENTRY = Entry(
    id="a", question="?", answer=CASES["answer"],
    variants=tuple(
        Variant(answer, channel, level) for channel, level, answer in CASES["variants"]
    ),
)  # fmt: skip
PLAIN = [markup.plain(one) for one in (ENTRY.answer, *(one.answer for one in ENTRY.variants))]
# Node 20 reads no TypeScript by itself.
RUN = """
import { build } from 'esbuild'
const { outputFiles: [made] } = await build({
  entryPoints: ['src/shared/wording.ts'], bundle: true, format: 'esm', write: false })
const { fill, wording, blanked } = await import(
  `data:text/javascript;base64,${Buffer.from(made.contents).toString('base64')}`)
const { fills, entry, wordings, blanks } = JSON.parse(process.argv[1])
console.log(JSON.stringify({
  fills: fills.map(([text, values]) => fill(text, values)),
  wordings: wordings.map(([channel, level]) => wording(entry, channel, level)),
  blanks: blanks.map(([text, values]) => blanked(text, values)),
}))
"""
BLANKED = [
    ("林小姐您好，林小姐", {"昵称": "林小姐"}, "{昵称}您好，{昵称}", ["昵称"]),
    ("订单 E2012 的青瓷壶", {"订单号": "E2012", "商品": "青瓷壶", "昵称": None},
     "订单 {订单号} 的{商品}", ["订单号", "商品"]),
    ("Also Al，Al好", {"昵称": "Al"}, "Also {昵称}，{昵称}好", ["昵称"]),
    ("青瓷壶配青瓷", {"商品": "青瓷壶", "昵称": "青瓷"}, "{商品}配{昵称}", ["商品", "昵称"]),
    ("王府井", {"昵称": "王"}, "王府井", []),
    ("小瓷为您服务", {"客服": "小瓷", "昵称": " "}, "小瓷为您服务", []),
    ("昵称😀好", {"昵称": "😀😀"}, "昵称😀好", []),
]  # fmt: skip


def in_the_browser(**asked: Any) -> dict[str, Any]:
    """What the browser program makes of the same."""
    program = node.find()
    asked["entry"] = {
        "answer": ENTRY.answer,
        "variants": [
            {"answer": one.answer, "channel": one.channel, "level": one.level}
            for one in ENTRY.variants
        ],
        "plain": PLAIN,
    }
    done = subprocess.run(
        [program.program, "--input-type=module", "-e", RUN, json.dumps(asked)],
        cwd=STATIC, env=program.environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return dict(json.loads(done.stdout))


def test_the_server_says_it() -> None:
    said = [variables.fill(text, values) for text, values, _ in CASES["fill"]]
    assert said == [words for *_, words in CASES["fill"]]
    worded = [markup.plain(ENTRY.wording(*one)) for *one, _ in CASES["wording"]]
    assert worded == [words for *_, words in CASES["wording"]]


def test_the_browser_says_the_same() -> None:
    made = in_the_browser(
        fills=[one[:2] for one in CASES["fill"]],
        wordings=[one[:2] for one in CASES["wording"]],
        blanks=[one[:2] for one in BLANKED],
    )
    assert made["fills"] == [words for *_, words in CASES["fill"]]
    assert made["wordings"] == [words for *_, words in CASES["wording"]]
    assert [(one["text"], one["names"]) for one in made["blanks"]] == [one[2:] for one in BLANKED]
