"""The wires: hooks, pages, api, sockets. No SQL and no rules; the desk has the verbs.

Each route and each socket event declares its permission directly above itself, and what it refuses
is one of the closed codes of `console.model.refusal`. Only `wire` shapes what a browser sees.
"""
