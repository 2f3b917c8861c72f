"""Customer service itself: conversations, agents, routing, and the wires that show them.

Arrows go down only: app -> web, jobs -> desk -> store, events, model. Everything that changes a
conversation, an agent or the knowledge is a verb on the desk: one transaction, commit, publish.
"""
