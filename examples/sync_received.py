"""Keeps a CSV of all matters that a court received, and sends results back from a second CSV.

    python examples/sync_received.py node.court:8443 ca.pem token.txt FOLDER

`received.csv` (written) has one row for each matter as it stands now. Its column `cursor` is the cursor of the
matter's last change; the largest one is where watching goes on after a crash. So cursor and rows can never
disagree: they are one file, replaced in one step.

`results.csv` (read) is what a case-management system writes: `instruction_id,text,outcomes`, outcomes such as
``1=DONE;2=NOT_DONE:NO_PROPERTY``. Each row is sent once: its request id is made of its content, so sending it
again after a crash is harmless. `results-sent.csv` says what became of it; a refused row is corrected in place.
"""

import asyncio
import contextlib
import csv
import hashlib
import os
import sys
from pathlib import Path

from xiezhi_client.sdk import (
    Change,
    Client,
    ItemOutcome,
    NotSignedIn,
    Overloaded,
    Unavailable,
    XiezhiError,
    batch_request_id,
    connect,
)
from xiezhi_domain.spreadsheet_text import safe_cell

MATTER_COLUMNS = ("cursor", "instruction_id", "matter_number", "sender", "case_number", "state", "due_at")
RESULT_COLUMNS = ("row", "instruction_id", "state", "message")
PAUSE_SECONDS = 1.0

Row = dict[str, str]


class Mirror:
    """The rows of `received.csv` by matter."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: dict[str, Row] = {row["instruction_id"]: row for row in read_rows(path)}
        self._saved_at = self.cursor

    @property
    def cursor(self) -> int:
        """The last change known."""
        return max((int(row["cursor"]) for row in self._rows.values()), default=0)

    def apply(self, change: Change) -> None:
        """Take a change over; the same one again makes no difference."""
        matter = change.instruction
        if matter is None:
            return
        values = (
            change.cursor,
            matter.instruction_id,
            matter.matter_number,
            matter.sender,
            matter.case_number,
            matter.state,
            matter.due_at.isoformat() if matter.due_at else "",
        )
        cells = (safe_cell(str(value)) for value in values)
        self._rows[matter.instruction_id] = dict(zip(MATTER_COLUMNS, cells, strict=True))

    def save(self) -> None:
        """Replace the file in one step, if anything changed."""
        if self.cursor == self._saved_at:
            return
        reached = self.cursor
        new = self._path.with_suffix(".new")
        with new.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, MATTER_COLUMNS)
            writer.writeheader()
            writer.writerows(self._rows.values())
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
        self._saved_at = reached
        print(f"{len(self._rows)} matters, cursor {reached}")


class Results:
    """The rows of `results.csv` that were not sent yet."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "results.csv"
        self._log = folder / "results-sent.csv"
        self._sent = {row["row"] for row in read_rows(self._log)}

    def waiting(self) -> dict[str, Row]:
        """Rows by the hash of their content."""
        rows = {
            hashlib.sha256(repr(sorted(row.items())).encode()).hexdigest(): row
            for row in read_rows(self._path)
        }
        return {key: row for key, row in rows.items() if key not in self._sent}

    def done(self, key: str, row: Row, state: str, message: str) -> None:
        """Note what became of a row."""
        is_new = not self._log.exists()
        with self._log.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if is_new:
                writer.writerow(RESULT_COLUMNS)
            writer.writerow([key, safe_cell(row["instruction_id"]), state, safe_cell(message)])
            file.flush()
            os.fsync(file.fileno())
        self._sent.add(key)


def read_rows(path: Path) -> list[Row]:
    """The rows of a CSV file; none if there is none."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def parse_outcomes(text: str) -> list[ItemOutcome]:
    """Read `1=DONE;2=NOT_DONE:NO_PROPERTY`."""
    outcomes = []
    for part in filter(None, text.split(";")):
        number, _, result = part.partition("=")
        outcome, _, reason = result.partition(":")
        plain = {"number": int(number), "outcome": outcome.strip(), "reason": reason.strip()}
        outcomes.append(ItemOutcome.from_plain(plain))
    return outcomes


async def follow(client: Client, mirror: Mirror) -> None:
    """Take over every change, for ever."""
    async for change in client.instructions.watch(mirror.cursor, "RECEIVED"):
        mirror.apply(change)


async def send(client: Client, results: Results) -> None:
    """Send the results that wait; what the node refuses is noted, an absent or busy node ends the round."""
    for key, row in results.waiting().items():
        request_id = batch_request_id("results", key)
        try:
            outcomes = parse_outcomes(row["outcomes"])
            receipt = await client.instructions.complete(
                row["instruction_id"], row["text"], outcomes, request_id=request_id
            )
        except (Unavailable, Overloaded):
            return
        except NotSignedIn:
            raise
        except (XiezhiError, ValueError) as error:
            results.done(key, row, "REFUSED", str(error))
        else:
            results.done(key, row, receipt.state, receipt.matter_number)


async def keep(client: Client, mirror: Mirror, results: Results) -> None:
    """Save and send, round after round."""
    while True:
        mirror.save()
        await send(client, results)
        await asyncio.sleep(PAUSE_SECONDS)


async def sync(client: Client, folder: Path) -> None:
    """Run both directions until one fails or the task is cancelled; what arrived by then is saved."""
    mirror = Mirror(folder / "received.csv")
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(follow(client, mirror))
            tasks.create_task(keep(client, mirror, Results(folder)))
    finally:
        mirror.save()


async def main(address: str, ca_file: str, token: str, folder: Path) -> None:
    """Connect as a program and run until interrupted."""
    async with connect(address, ca_file, token) as client:
        await sync(client, folder)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]).read_text().strip(), Path(sys.argv[4])))
