"""What a shopper asks and what the shop answers: Chinese, entries, and the match between them.

Pure. Nothing here opens a database or a connection, reads a clock or imports the rest of the
program; files come in as text or bytes (`formats`), and today's date as a value. That is what lets
a whole knowledge base be tried on a thousand recorded messages in a test, be rebuilt in a thread
while the old one goes on answering, and be measured by anyone with a clone. A clock or a query in
here would make the same message give two answers on two days without a test ever seeing it.

How the match works, and why it is not the usual search over segmented words. Shoppers write short
texts with slips, homophones and half words. A segmenter turns one wrong character into three wrong
words, and a search over words then finds nothing that is left; single characters and pairs of them
degrade one at a time. So an entry is compared

*   phrase by phrase in characters and pairs (`spelling`, `channel`), the best phrasing counts;
*   the same in fuzzy pinyin, where 侯 is 候, zhi is zi, and `tuikuan` is 退款;
*   as a whole, answer included, because indirect questions share their words with the answer;
*   in jieba's words at a third of the weight: more was measured to pull the characters down. The
    words are what highlights and the reading of initials (`fh` is 发货) are made of;
*   and, among the first candidates, by the letters in order (rapidfuzz).

Several questions in one message are told apart at the ends of sentences and ranked together;
clauses between commas only raise the score, because a comma mostly stands inside one question.

Each comparison is divided by what the message itself would score at best. Without that, long
messages would always look like good matches, and no one limit could tell "nothing fits" from
"something fits". There are two limits: `show` looks at that score, `sure` at the lead over the
next entry, which tells far better whether the first one is right.

Rejected, after measuring: stop words and built-in synonyms (they cost more matches than they
bring; a shop's own synonyms are used), weights learnt on other people's questions (they do not
carry over). What does carry is more phrasings per entry; everything around this package should
make adding one easy.

What no entry answers is collected by the program around; `grouping` makes of it groups that ask the
same, and `likeness` says what asks the same. `gates` finds the limits that fit a shop's own use.

The parts were chosen by weight as well as by merit: jieba in Rust with the same dictionary (32 MiB
and 3 us a message instead of 100 MiB and 70 us), pypinyin's table of characters without its
phrases (6 instead of 55 MiB). What is slow to import is imported when a knowledge base is built.

What is built together are arrays that never change; an entry changed later stands in a small block
beside them until all is built anew (`channel`, `catalogue`), so that a change costs milliseconds
whatever the size. `saved` keeps the arrays as a file. Another way to compare, such as an encoder's
vectors of meaning (`vectors`), is one more array of scores added in `Index.find`.
"""

from knowledge.entry import Entry, Variant
from knowledge.matcher import Context, Gates, KnowledgeBase, Suggestion
from knowledge.vectors import Encoder
from knowledge.weights import Weights

__all__ = [
    "Context",
    "Encoder",
    "Entry",
    "Gates",
    "KnowledgeBase",
    "Suggestion",
    "Variant",
    "Weights",
]
