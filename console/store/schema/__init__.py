"""The tables, in the words of the field. Alembic compares the database with this package.

columns    what they are made of
places     shops, inboxes, agents
talk       customers and conversations
shelf      the knowledge
"""

from console.store.schema import places, shelf, talk
from console.store.schema.columns import metadata

__all__ = ["metadata", "places", "shelf", "talk"]
