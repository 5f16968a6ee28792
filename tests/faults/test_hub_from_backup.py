"""A hub whose database is an older copy while its head file is newer: closed, healed from the nodes, open."""

import shutil
from pathlib import Path

import pytest
from tests.faults.books import check_books, documents_at_hub
from tests.stage.company import Company
from tests.stage.people import DISPATCHER, GUSU, JUDGE, LETTER, PARK, SUPERVISOR
from tests.stage.plugin import Stage

pytestmark = pytest.mark.long

DATABASE = "journal.db"


async def test_the_hub_heals_from_its_nodes(stage: Stage, company: Company, tmp_path: Path) -> None:
    kept = await company.deliver()
    await stage.stop("hub")
    shutil.copy(stage.data("hub") / DATABASE, tmp_path / DATABASE)
    await stage.start("hub")
    lost = await company.report()
    judge = await company.client(JUDGE)
    events = [entry.event_id for entry in await judge.instructions.timeline(lost)]
    before = [(await judge.evidence.receipt(event)).record for event in events]
    size_before = await check_books(stage, (PARK, GUSU))
    papers = documents_at_hub(stage, lost)
    assert papers

    for court in (PARK, GUSU):
        await stage.stop(court)
    await stage.kill("hub")
    for leftover in stage.data("hub").glob(f"{DATABASE}*"):
        leftover.unlink()
    shutil.copy(tmp_path / DATABASE, stage.data("hub") / DATABASE)
    await stage.start("hub")
    found = await stage.run("xiezhi-hub", "doctor", "--config", stage.config("hub"))
    assert found["code"] == 1
    assert '"phase": "recovering"' in await stage.log("hub")

    # One node alone does not hold the other's refusals, but all that was accepted between the two.
    await stage.start(PARK)
    waiting = await company.send()
    await stage.start(GUSU)
    await company.until(DISPATCHER, waiting, "AWAITING_SIGNATURE", settled=True)
    await company.until(JUDGE, waiting, "AWAITING_SIGNATURE", settled=True)
    company.sign_out(SUPERVISOR.place)
    assert await company.check_copies(kept) == 2
    assert await company.check_copies(lost) == 5
    assert await company.check_copies(waiting) == 2
    assert await check_books(stage, (PARK, GUSU)) == size_before + 2
    assert documents_at_hub(stage, lost) == papers
    await company.check_receipts(lost)
    assert [(await judge.evidence.receipt(event)).record for event in events] == before

    dispatcher = await company.client(DISPATCHER)
    await judge.instructions.confirm(lost)
    await company.until(DISPATCHER, lost, "CONFIRMED", settled=True)
    letter = (await dispatcher.instructions.get(lost)).documents[0]
    path = await dispatcher.documents.download(lost, letter.sha256, tmp_path)
    assert path.read_bytes() == LETTER.read_bytes()
