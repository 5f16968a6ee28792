"""Keep a table of the court's matters up to date: each change once, none missed, whatever breaks in between.

    XIEZHI_TOKEN=… python examples/sync/mirror.py node.court.example:7443 ca.pem mirror.db

The cursor is stored in the transaction that stores what was made of the change. So the mirror can be killed at any
moment and goes on where it stopped; while the node is away, it waits for it.
"""

import argparse
import asyncio
import os
import sqlite3
from contextlib import aclosing

from xiezhi_client.sdk import Change, connect

SCHEMA = """
CREATE TABLE IF NOT EXISTS matter (
  instruction_id TEXT PRIMARY KEY, matter_number TEXT, sender TEXT, receiver TEXT, state TEXT, due_at TEXT
);
CREATE TABLE IF NOT EXISTS cursor (id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER);
INSERT OR IGNORE INTO cursor VALUES (1, 0);
"""


def cursor_of(database: sqlite3.Connection) -> int:
    """Give the cursor of the last change that is in the table; 0 before the first."""
    return int(database.execute("SELECT position FROM cursor").fetchone()[0])


def store(database: sqlite3.Connection, change: Change) -> None:
    """Store the matter as it is after *change*, together with the cursor, in one transaction."""
    matter = change.instruction
    with database:
        if matter is not None:
            due_at = matter.due_at.isoformat() if matter.due_at else None
            row = (
                matter.instruction_id,
                matter.matter_number,
                matter.sender,
                matter.receiver,
                matter.state,
                due_at,
            )
            database.execute("INSERT OR REPLACE INTO matter VALUES (?, ?, ?, ?, ?, ?)", row)
        database.execute("UPDATE cursor SET position = ?", (change.cursor,))


async def mirror(address: str, ca_certificate: str, database: sqlite3.Connection) -> None:
    """Follow the node for ever; a broken line ends nothing, a token that has ended does."""
    async with (
        connect(address, ca_certificate, os.environ["XIEZHI_TOKEN"]) as client,
        aclosing(client.instructions.watch(cursor_of(database))) as changes,
    ):
        async for change in changes:
            store(database, change)
            if change.entry and change.instruction:
                print(change.cursor, change.instruction.matter_number, change.entry.kind, flush=True)


def main() -> None:
    """Read the command line and mirror."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address", help="host:port of the node's desk")
    parser.add_argument("ca_certificate", help="PEM file of the desk's authority")
    parser.add_argument("database", help="SQLite file of the mirror")
    options = parser.parse_args()
    database = sqlite3.connect(options.database)
    database.executescript(SCHEMA)
    asyncio.run(mirror(options.address, options.ca_certificate, database))


if __name__ == "__main__":
    main()
