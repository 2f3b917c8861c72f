"""The rules of the house as functions over source text: what a module imports, how long it is, what
it is called. Each returns sentences that name the place; an empty list is a clean house."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

MAX_FILE = 400
MAX_FUNCTION = 50
NAMELESS = re.compile(r"(utils?|helpers?|commons?|core|managers?|misc)$")
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|(CREATE|DROP|ALTER)\s+TABLE)\b",
    re.DOTALL,
)


@dataclass(frozen=True)
class Module:
    """One Python file of ours."""

    name: str
    text: str
    package: bool = False

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()


def modules(root: Path, tops: Iterable[str]) -> list[Module]:
    """Every module below the folders (or single files) named, by dotted name."""
    found = []
    for top in tops:
        place = root / top
        for path in [place] if place.is_file() else sorted(place.rglob("*.py")):
            if "node_modules" in path.parts:
                continue
            parts = list(path.relative_to(root).with_suffix("").parts)
            package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if package else parts)
            found.append(Module(name, path.read_text("utf-8"), package))
    return found


def imports(module: Module, names: frozenset[str]) -> Iterator[tuple[str, int]]:
    """Modules of ours that a module imports anywhere in it, with the line."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                if one.name in names:
                    yield one.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module in names:
            inside = {f"{node.module}.{one.name}" for one in node.names} & names
            yield from ((name, node.lineno) for name in sorted(inside))
            if len(inside) < len(node.names):
                yield node.module, node.lineno


def rule_of(name: str, rules: Mapping[str, object]) -> str | None:
    """The rule that speaks about a module: its own, else that of the nearest package."""
    if name in rules:
        return name
    parts = name.split(".")
    above = (".".join(parts[:length]) + ".*" for length in range(len(parts), 0, -1))
    return next((pattern for pattern in above if pattern in rules), None)


def forbidden_imports(
    all_modules: Iterable[Module], rules: Mapping[str, tuple[str, ...]]
) -> list[str]:
    kept = list(all_modules)
    names = frozenset(one.name for one in kept)
    wrong = []
    for module in kept:
        rule = rule_of(module.name, rules)
        if rule is None:
            wrong.append(f"{module.name}: has no rule")
            continue
        for target, line in imports(module, names):
            if not any(_covers(allowed, target) for allowed in rules[rule]):
                wrong.append(f"{module.name}:{line}: imports {target}")
    return wrong


def cycles(all_modules: Iterable[Module]) -> list[str]:
    """Each ring of modules that import each other, once."""
    kept = list(all_modules)
    names = frozenset(one.name for one in kept)
    arrows = {one.name: sorted({name for name, _ in imports(one, names)}) for one in kept}
    done: set[str] = set()
    found: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            found.append(" -> ".join((*path[path.index(name) :], name)))
        elif name not in done:
            for target in arrows[name]:
                visit(target, (*path, name))
            done.add(name)

    for name in arrows:
        visit(name, ())
    return found


def said_once(all_modules: Iterable[Module]) -> dict[str, frozenset[str]]:
    """By package of ours: what it says once for all to be imported late (`# x is imported …`)."""
    said: dict[str, frozenset[str]] = {}
    for one in all_modules:
        named = re.findall(r"^# (\w+) is imported", one.text, re.MULTILINE)
        top = one.name.partition(".")[0]
        said[top] = said.get(top, frozenset()) | frozenset(named)
    return said


def hidden_imports(
    module: Module, names: frozenset[str], elsewhere: frozenset[str] = frozenset()
) -> list[str]:
    """Imports inside functions without a reason beside them, and type-checking imports of ours."""
    wrong = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom) and not _explained(
                    module, inner, elsewhere
                ):
                    wrong.append(f"{module.name}:{inner.lineno}: a hidden import without a reason")
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            guarded = Module(module.name, "\n".join(map(ast.unparse, node.body)))
            for name, _ in imports(guarded, names):
                wrong.append(f"{module.name}:{node.lineno}: imports {name} for types only")
    return wrong


def too_long(module: Module) -> list[str]:
    wrong = []
    if len(module.lines) > MAX_FILE:
        wrong.append(f"{module.name}: {len(module.lines)} lines")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION:
                wrong.append(f"{module.name}:{node.lineno}: {node.name} has {length} lines")
    return wrong


def badly_named(module: Module) -> list[str]:
    last = module.name.rpartition(".")[2]
    return [f"{module.name}: says nothing about its content"] if NAMELESS.match(last) else []


def undescribed(module: Module) -> list[str]:
    """A package may be empty; anything with content says what it hides."""
    empty = not module.text.strip()
    if (module.package and empty) or ast.get_docstring(module.tree):
        return []
    return [f"{module.name}: has no docstring"]


def speaks_sql(module: Module) -> list[str]:
    texts = [node for node in ast.walk(module.tree) if isinstance(node, ast.Constant)]
    return [
        f"{module.name}:{node.lineno}: SQL outside the store"
        for node in texts
        if isinstance(node.value, str) and SQL.search(node.value)
    ]


def own_tasks(module: Module) -> list[str]:
    """Tasks that are not named, referenced and logged by the one place that makes them."""
    makers = ("create_task", "ensure_future")
    return [
        f"{module.name}:{node.lineno}: makes a task of its own"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr in makers
    ]


def foreign_imports(module: Module, unwanted: frozenset[str]) -> list[str]:
    """Top-level packages of others that this module has no business with."""
    wrong = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            tops = {one.name.partition(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            tops = {node.module.partition(".")[0]}
        else:
            continue
        wrong += [f"{module.name}:{node.lineno}: imports {one}" for one in sorted(tops & unwanted)]
    return wrong


def _covers(allowed: str, target: str) -> bool:
    if allowed.endswith(".*"):
        return target == allowed[:-2] or target.startswith(allowed[:-1])
    return target == allowed


def _explained(
    module: Module, node: ast.Import | ast.ImportFrom, elsewhere: frozenset[str]
) -> bool:
    """A comment on the line, above the block of imports it stands in, or once for the package."""
    lines = module.lines
    top = ast.unparse(node).split()[1].partition(".")[0]
    if "#" in lines[node.lineno - 1] or top in elsewhere:
        return True
    above = node.lineno - 2
    while above >= 0 and re.match(r"\s*(from|import)\s|\s*$", lines[above]):
        above -= 1
    return above >= 0 and lines[above].lstrip().startswith("#")
