"""What is wrong with a file, as a sentence that names the place and says what to do."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]

# code: (severity, zh, en); {0}, {1} are the facts of the finding.
SENTENCES: dict[str, tuple[Severity, str, str]] = {
    "encoding": (
        "error",
        "文件不是 UTF-8 编码（看起来是 {0}）；请用编辑器另存为 UTF-8",
        "the file is not UTF-8 (it looks like {0}); save it as UTF-8",
    ),
    "too_large": (
        "error",
        "文件有 {0} 字节，超过 {1} 字节的上限",
        "the file has {0} bytes, more than the limit of {1}",
    ),
    "syntax": ("error", "YAML 格式有误：{0}", "broken YAML: {1}"),
    "alias": (
        "error",
        "不能使用 YAML 的引用（& 和 *）；以 & 或 * 开头的文字请加引号",
        "YAML anchors and aliases (& and *) are refused; quote text that starts with & or *",
    ),
    "tag": (
        "error",
        "不能使用 YAML 标签「{0}」；以 ! 开头的文字请加引号",
        "the YAML tag {0} is refused; quote text that starts with !",
    ),
    "too_deep": ("error", "层级太深", "nested too deeply"),
    "many_documents": (
        "error",
        "文件里有第二个 YAML 文档（---）",
        "the file holds a second YAML document (---)",
    ),
    "key_type": ("error", "字段名必须是文字", "a field's name must be text"),
    "repeated": (
        "error",
        "字段「{0}」写了两次，第一次在第 {1} 行",
        "field {0} is given twice, first on line {1}",
    ),
    "unknown": (
        "error",
        "不认识的字段「{0}」；可用的有：{1}",
        "unknown field {0}; known are: {1}",
    ),
    "missing": ("error", "缺少「{0}」", "{0} is missing"),
    "type_text": ("error", "「{0}」应当是文字", "{0} must be text"),
    "type_list": (
        "error",
        "「{0}」应当是列表，每行以“- ”开头",
        '{0} must be a list, each line starting with "- "',
    ),
    "type_fields": (
        "error",
        "「{0}」应当由“字段: 值”组成",
        '{0} must be made of "field: value" lines',
    ),
    "type_bool": ("error", "「{0}」应当是 true 或 false", "{0} must be true or false"),
    "type_date": (
        "error",
        "「{0}」的日期“{1}”无效，请写成 2026-11-11",
        '{0} holds no valid date: "{1}"; write 2026-11-11',
    ),
    "type_weekday": (
        "error",
        "星期“{0}”无效，请写 1 到 7，1 是星期一",
        'no valid weekday: "{0}"; write 1 to 7, Monday is 1',
    ),
    "variant_for": (
        "error",
        "「variants」里的说法要写明 channel（渠道）或 level（客户等级）",
        "a variant must name its channel or its level",
    ),
    "same_variant": (
        "error",
        "同一渠道和等级有两种说法",
        "two variants are for the same channel and level",
    ),
    "version": (
        "error",
        "不支持的版本“{0}”，应当是 1",
        'version "{0}" is not supported; it must be 1',
    ),
    "id_form": (
        "error",
        "编号“{0}”只能由字母、汉字、数字和 - _ . 组成，最多 64 个字",
        'the id "{0}" may hold letters, digits and - _ . only, at most 64',
    ),
    "too_long": (
        "error",
        "「{0}」有 {1} 个字，超过上限 {2}",
        "{0} has {1} characters, more than {2}",
    ),
    "characters": (
        "error",
        "「{0}」里有不能保存的特殊字符",
        "{0} holds characters that cannot be stored",
    ),
    "dates_order": (
        "error",
        "结束日期 {1} 早于开始日期 {0}",
        "the last day {1} is before the first day {0}",
    ),
    "same_id": (
        "error",
        "编号「{0}」与第 {1} 行的条目重复",
        "the id {0} is taken by the entry on line {1}",
    ),
    "same_shortcut": (
        "warning",
        "快捷码「{0}」与第 {1} 行的条目重复",
        "the shortcut {0} is taken by the entry on line {1}",
    ),
    "same_phrase": (
        "warning",
        "问法“{0}”在第 {1} 行已经有了",
        'the phrasing "{0}" is already on line {1}',
    ),
    "few_phrases": (
        "warning",
        "只有 {0} 种问法，建议至少 {1} 种，推荐会更准",
        "only {0} phrasings; at least {1} make the suggestions better",
    ),
    "unknown_variable": (
        "warning",
        "不认识的变量“{{{0}}}”，会原样发给顾客；可用的有：{1}",
        "unknown variable {{{0}}} would be sent as it stands; known are: {1}",
    ),
    "long_answer": (
        "warning",
        "答案有 {0} 个字，建议不超过 {1} 个字，或者拆成几条",
        "the answer has {0} characters; keep it under {1} or split it",
    ),
    "negative_hits_own": (
        "warning",
        "排除词「{0}」出现在自己的问法“{1}”里，这条问法会匹配不上",
        'the negative keyword {0} occurs in the own phrasing "{1}", which will not match',
    ),
}


# What is seen in the shop an entry is in, and not in its file.
SENTENCES |= {
    "wordless_phrase": (
        "warning",
        "问法“{0}”里没有文字，匹配不上",
        'the phrasing "{0}" holds no words and matches nothing',
    ),
    "unknown_channel": (
        "warning",
        "店里没有「{0}」这种渠道接入，在那里用不上",
        "the shop has no inbox of kind {0} to use it on",
    ),
    "related_gone": (
        "warning",
        "相关条目「{0}」已经没有了",
        "the related entry {0} is not there any more",
    ),
    "unknown_group": (
        "warning",
        "店里没有技能组「{0}」，那里的客服用不上",
        "the shop has no group {0} to use it",
    ),
}


# What tables of rows can have, in the shop's other files.
SENTENCES |= {
    "encoding_table": (
        "error",
        "文件损坏，或者既不是 UTF-8 也不是 GBK 编码",
        "the file is damaged, or neither UTF-8 nor GBK",
    ),
    "quoting": (
        "error",
        "引号没有成对，或文件不完整",
        "a quote is not closed, or the file is cut off",
    ),
    "header": ("error", "表头应当有：{0}", "the header must be: {0}"),
    "columns": ("error", "有 {0} 列，应当是 {1} 列", "{0} columns instead of {1}"),
    "control": (
        "error",
        "「{0}」含有不可见的控制字符",
        "{0} holds a control character",
    ),
    "too_many_rows": ("error", "超过 {0} 行", "more than {0} rows"),
    "not_xlsx": (
        "error",
        "不是可读的 .xlsx 文件（损坏、加密，或是旧的 .xls）；请用 Excel 另存为 .xlsx",
        "no readable .xlsx (damaged, encrypted, or an old .xls); save it as .xlsx",
    ),
    "unpacked": (
        "error",
        "解压后有 {0} 字节，超过 {1} 字节的上限",
        "the file unpacks to {0} bytes, more than the limit of {1}",
    ),
    "formula": (
        "error",
        "「{0}」是公式；请粘贴为数值",
        "{0} is a formula; paste it as a value",
    ),
    "same_question": (
        "warning",
        "问题与第 {0} 行相同，会成为两个条目",
        "the question of row {0} again: they become two entries",
    ),
    "extra_column": (
        "warning",
        "不认识的列「{0}」，没有导入",
        "the column {0} is not known and was left out",
    ),
    "disabled": ("warning", "已停用，没有导入", "disabled, and left out"),
}

# What a file can meet in the shop.
SENTENCES |= {
    "changed_here": (
        "warning",
        "店里后来也改过这一条；选“以文件为准”才会覆盖",
        "the shop has changed this entry too; the file's side is taken only if you say so",
    ),
    "deleted_here": (
        "warning",
        "店里已经删除了这一条；选“以文件为准”会恢复它",
        "the shop has deleted this entry; taking the file's side brings it back",
    ),
    "shortcut_taken": (
        "error",
        "快捷码「{0}」是条目「{1}」的，这一行不能导入；请先改其中一个",
        "the shortcut {0} is that of the entry {1}: this row cannot be taken before one changes",
    ),
    "id_taken": (
        "error",
        "编号「{0}」已被占用，这一行不能导入；请换一个编号",
        "the id {0} is taken: this row cannot be taken before it has another",
    ),
    "brings_words": (
        "warning",
        "文件里的「{0}」与现在的不同，会一起导入",
        "the file's {0} differs from the shop's, and comes along",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; `line` counts from 1 (rows in tables), `field` is a path such as
    similar[2]."""

    file: str
    line: int
    field: str
    code: str
    facts: tuple[str, ...] = ()

    @property
    def severity(self) -> Severity:
        return SENTENCES[self.code][0]

    def message(self, lang: str = "zh-CN") -> str:
        """The sentence in Chinese, or in English for any other language."""
        _, zh, en = SENTENCES[self.code]
        return (zh if lang.lower().startswith("zh") else en).format(*self.facts)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        return f"{place}: {self.field}: {self.message()}" if self.field else (
            f"{place}: {self.message()}")  # fmt: skip
