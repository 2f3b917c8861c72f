"""How well and how fast a message finds its entry, beside what one would otherwise take.

**On what.** The shop's own messages (`tests/knowledge/data/messages.yaml`, on `faq.yaml`), the
half that weights were set on and the half that only measures apart from each other; and any folder
with `kb.jsonl` and `queries.jsonl` of the format of `kb eval`. Where the labels of a set are not
complete its absolute values mean little; the contenders beside each other do.

**Against what.** Each contender is a class with `rank(text, limit)`, in a file of its own, as
plain as one would write it on a first day: no tuning, and no preparation of the text beyond what
its own documentation suggests. They index every phrasing, and an entry is worth its best one. Only
ours reads answers, the shop's dictionary and its synonyms: that is part of what is compared. The
ablations of ours leave one channel out; they say what it is worth, not what it costs, because it
is still asked.

**By what.** All are judged by `knowledge.evaluate.judge`, the code behind `kb eval`.

Unlike the other benches these run in the process that prints: `knowledge` is pure, and a call is
what the console makes. Only sizes have a process each, because memory is measured.
"""
