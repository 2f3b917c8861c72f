"""Backup and restore: a whole installation in one file that either database can take in.

The file is a zip: `manifest.json`, `tables/NAME.jsonl` with one row a line, the data folder's
`secret` and its `uploads`. Values are those three types that both databases store alike, so a shop
moves from SQLite to PostgreSQL by a backup and a restore.

A backup reads one snapshot in a process of its own, beside a running server and not through its
control socket: packing a million rows would hold the server's interpreter for seconds. It only
reads, so the rule of one writer holds; the write-ahead log cannot be reset while the snapshot is
held and grows by what is written meanwhile, then is used again from its beginning (trap L14).

A restore reads the whole file first, builds the new database beside the old one, and changes places
last; what was there is kept. It gives the database another epoch, by which clients learn that their
cursors are of another history (R13).

    archive   the file: written, checked whole, read
    saving    database to file
    loading   file to database
    progress  what a long one says meanwhile
"""

from console.backup.loading import restore
from console.backup.saving import save

__all__ = ["restore", "save"]
