"""Issue the orders of a CSV file that the court's own system has drafted, approved and sealed.

    XIEZHI_TOKEN=… python examples/sync/issue_batch.py node.court.example:7443 ca.pem orders.csv

Columns: case_number, receiver, subject, scope, clue, request, letter (a file beside the CSV), approver, approval (its
number in the case system).
The same file can be sent again after any failure: the ids of its matters are kept beside it before the first one is
sent, and the request id is made of its content, so that nothing is issued twice and the answers are the same.
"""

import argparse
import asyncio
import csv
import hashlib
import json
import os
from pathlib import Path

from xiezhi_client.sdk import (
    Actor,
    ApprovalRecord,
    Client,
    FindIssue,
    FindOrder,
    Item,
    Officer,
    batch_request_id,
    connect,
    new_instruction_id,
)

Row = dict[str, str]


def matter_ids(file: Path, count: int) -> list[str]:
    """Give the ids of the matters of *file*, made and stored at the first call."""
    kept = file.with_suffix(".ids.json")
    if not kept.exists():
        kept.write_text(json.dumps([new_instruction_id() for _ in range(count)]), "utf-8")
    return [str(each) for each in json.loads(kept.read_text("utf-8"))]


async def prepare(client: Client, row: Row, matter: str, folder: Path) -> FindIssue:
    """Upload the letter of a row, which costs nothing where it is there already, and give its order."""
    letter = await client.documents.upload(matter, folder / row["letter"], "ENTRUSTMENT_LETTER")
    subject = int(row["subject"])
    wanted = Item(number=1, act="LOCATE_PERSON", subject_number=subject, scope=row["scope"], clue=row["clue"])
    order = FindOrder(
        case_number=row["case_number"],
        receiver=row["receiver"],
        subject_numbers=(subject,),
        items=(wanted,),
        documents=(letter,),
        request_text=row["request"],
    )
    approver = Actor(officer=Officer(name=row["approver"]))
    approval = ApprovalRecord(approved_by=approver, external_reference=row["approval"])
    return FindIssue(instruction_id=matter, order=order, approval=approval, bulk=True)


async def issue(address: str, ca_certificate: str, file: Path, content: bytes) -> None:
    """Issue all rows of *content*, read from *file*, and tell what became of each; a bad one fails alone."""
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    ids = matter_ids(file, len(rows))
    async with connect(address, ca_certificate, os.environ["XIEZHI_TOKEN"]) as client:
        issues = [
            await prepare(client, row, matter, file.parent) for row, matter in zip(rows, ids, strict=True)
        ]
        batch = batch_request_id(hashlib.sha256(content).hexdigest(), "issue")
        async for result in client.find.issue_many(issues, request_id=batch):
            print(result.row, result.receipt.matter_number if result.receipt else result.message)


def main() -> None:
    """Read the command line and issue."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address", help="host:port of the node's desk")
    parser.add_argument("ca_certificate", help="PEM file of the desk's authority")
    parser.add_argument("file", type=Path, help="CSV file of the orders")
    options = parser.parse_args()
    asyncio.run(issue(options.address, options.ca_certificate, options.file, options.file.read_bytes()))


if __name__ == "__main__":
    main()
