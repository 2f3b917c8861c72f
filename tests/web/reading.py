"""The routes below /api, and what a handler's source reads of its request, the functions of its
module that it calls included: for the rule that whatever is read is declared."""

import ast
import inspect
import sys
from functools import cache

from console.app import ROUTED
from console.web.routes import Handler, Route

ROUTES = [one for each in ROUTED for one in each.routes.all if one.path.startswith("/api/")]
BODY = {"read", "json", "text", "post", "multipart", "content", "can_read_body", "body_exists"}
QUERY = {"query", "rel_url", "query_string"}


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


def reads(handler: Handler) -> set[str]:
    """Of `body`, `query`, `If-Match` and `ETag` (which it writes) those that it touches."""
    module = sys.modules[handler.__module__]
    return _reads(inspect.getsource(module), getattr(handler, "__name__", ""))


def reads_of(source: str, name: str) -> set[str]:
    return _reads(source, name)


@cache
def _reads(source: str, name: str) -> set[str]:
    functions = {
        one.name: one
        for one in ast.parse(source).body
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    found, todo, seen = set[str](), [name], set[str]()
    while todo:
        function = functions.get(todo.pop())
        if function is None or function.name in seen:
            continue
        seen.add(function.name)
        for statement in function.body:  # not the decorators, which declare
            for node in ast.walk(statement):
                found |= _read(node)
                if isinstance(node, ast.Name):
                    todo.append(node.id)
    return found


def _read(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return {node.func.id} & {"body", "query"}
    if isinstance(node, ast.Constant) and node.value in ("If-Match", "ETag"):
        return {str(node.value)}
    if isinstance(node, ast.Attribute) and _is_request(node.value):
        return {"body"} if node.attr in BODY else {"query"} if node.attr in QUERY else set()
    return set()


def _is_request(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "request"
