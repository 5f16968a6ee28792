"""Work without a connection: a hub that is away, a node that is away, a node that is new, a node from a backup."""

import json
import shutil
from pathlib import Path

import pytest
from tests.stage.company import Company, eventually
from tests.stage.people import (
    CHIEF,
    DISPATCHER,
    GUSU,
    JUDGE,
    LETTER,
    PARK,
    PASSWORD,
    PROGRAM,
    SEALER,
    SPECIALIST,
)
from tests.stage.plugin import Stage
from tests.stage.program import approved_issue

from xiezhi_client.sdk import Account, EventRecord, Officer, connect, new_instruction_id
from xiezhi_domain.events.header import decode_header

NEWCOMER = "苏0506"


async def test_both_courts_work_on_while_the_hub_is_away(stage: Stage, company: Company) -> None:
    under_way = await company.deliver()
    await stage.kill("hub")
    sent = await company.send()
    assert "PENDING" in (await company.summary(JUDGE, sent)).marks
    receipt = await company.assign(under_way)
    assert receipt.pending
    specialist = await company.client(SPECIALIST)
    reported = await specialist.instructions.report_progress(under_way, "已上门，无人应答")
    completed = await company.complete(under_way)
    assert reported.pending
    assert completed.pending

    await stage.start("hub")
    await company.until(JUDGE, under_way, "REPORTED", settled=True)
    await company.until(DISPATCHER, sent, "AWAITING_SIGNATURE", settled=True)
    await company.until(JUDGE, sent, "AWAITING_SIGNATURE", settled=True)
    assert await company.check_copies(under_way) == 6
    assert await company.check_copies(sent) == 2


@pytest.mark.long
async def test_drafts_wait_at_the_node_for_as_long_as_they_like(stage: Stage, company: Company) -> None:
    """Each step at the sender's court while nothing else is up, and a restart in between."""
    await stage.kill("hub")
    await stage.kill(GUSU)
    matter = await company.draft()
    await (await company.client(JUDGE)).instructions.submit(matter)
    await stage.kill(PARK)
    await stage.start(PARK)
    await (await company.client(CHIEF)).instructions.approve(matter, "同意")
    await (await company.client(SEALER)).instructions.affix_seal(matter)
    await stage.start_all()
    await company.until(DISPATCHER, matter, "AWAITING_SIGNATURE", settled=True)
    assert await company.check_copies(matter) == 2


@pytest.mark.long
async def test_a_node_that_was_away_gets_everything(stage: Stage, company: Company) -> None:
    await stage.kill(GUSU)
    program = await company.client(PROGRAM)
    matters = []
    for round_ in ("before", "after"):
        issues = []
        for row in range(15):
            matter = new_instruction_id()
            letter = await program.documents.upload(matter, LETTER, "ENTRUSTMENT_LETTER")
            issues.append(approved_issue(f"{round_}-{row}", matter, (letter,), bulk=row % 2 == 0))
        results = [result async for result in program.find.issue_many(issues)]
        assert all(result.receipt for result in results), results
        matters += [issue.instruction_id for issue in issues]
        await stage.stop("hub")
        await stage.start("hub")
    await stage.start(GUSU)
    for matter in matters:
        await company.until(DISPATCHER, matter, "AWAITING_SIGNATURE", settled=True)
    assert await company.check_copies(matters[0]) == 2
    assert await company.check_copies(matters[-1]) == 2


@pytest.mark.long
async def test_a_court_that_joins_late_finds_what_was_sent_to_it(
    stage: Stage, company: Company, tmp_path: Path
) -> None:
    matter = await company.send(receiver=NEWCOMER)
    await company.until(JUDGE, matter, "IN_TRANSIT", settled=True)
    node = tmp_path / "node"
    node.mkdir()
    config = node / "config.toml"
    config.write_text(f'data_dir = "{node / "data"}"\ndesk_address = "127.0.0.1:0"\n', "utf-8")
    token = await _succeeded(stage, "xiezhi-hub", "enrol", NEWCOMER, "--config", stage.config("hub"))
    await _succeeded(stage, "xiezhi-node", "join", token, "--config", config)
    password = await _succeeded(stage, "xiezhi-node", "account", "create-admin", "admin", "--config", config)
    pid = await stage.launch("xiezhi-node", "serve", "--config", config, out=node / "log.txt")
    try:
        endpoints = await eventually(lambda: _read(node / "data" / "endpoints.json"))
        async with connect(endpoints["desk"], Path(endpoints["ca"])) as client:
            await client.sign_in("admin", password)
            clerk = Account(login="clerk", officer=Officer(name="孙专员"), roles=("CENTRE_OFFICER",))
            await client.accounts.create(clerk, PASSWORD)
            await client.sign_in("clerk", PASSWORD)

            async def arrived() -> bool:
                rows = [row async for row in client.instructions.list("RECEIVED")]
                return [(row.instruction_id, row.state) for row in rows] == [(matter, "AWAITING_SIGNATURE")]

            await eventually(arrived)
            paper = (await client.instructions.get(matter)).documents[0]
            path = await client.documents.download(matter, paper.sha256, tmp_path)
            assert path.read_bytes() == LETTER.read_bytes()
            await client.instructions.sign(matter)
            await company.until(JUDGE, matter, "SIGNED", settled=True)
    finally:
        await stage.end(pid)


@pytest.mark.long
async def test_a_node_from_an_older_copy_is_refilled(stage: Stage, company: Company, tmp_path: Path) -> None:
    """What the court said after the copy was taken comes back to it; no place of its journal is used twice."""
    before = await company.deliver()
    await stage.stop(GUSU)
    shutil.copytree(stage.data(GUSU), tmp_path / "copy")
    await stage.start(GUSU)
    await company.assign(before)
    await company.complete(before)
    after = await company.deliver()
    await company.assign(after)
    await company.until(JUDGE, before, "REPORTED", settled=True)
    await company.until(JUDGE, after, "IN_PROGRESS", settled=True)

    await stage.kill(GUSU)
    shutil.rmtree(stage.data(GUSU))
    shutil.copytree(tmp_path / "copy", stage.data(GUSU))
    await stage.start(GUSU)
    # The copy knows no session that began after it.
    company.sign_out(GUSU)
    await company.until(DISPATCHER, before, "REPORTED", settled=True)
    await company.until(DISPATCHER, after, "IN_PROGRESS", settled=True)
    assert (await company.summary(DISPATCHER, after)).officer == SPECIALIST.name

    await company.complete(after)
    await company.until(JUDGE, after, "REPORTED", settled=True)
    assert await company.check_copies(before) == 5
    assert await company.check_copies(after) == 5
    dispatcher = await company.client(DISPATCHER)
    records = [
        record
        for matter in (before, after)
        for record in await dispatcher.instructions.history(matter)
        if decode_header(record.header).sender == GUSU
    ]
    positions = [_position(record) for record in records]
    assert len(set(positions)) == len(positions)
    assert max(positions) == _position(records[-1]), "what was done last stands last in the journal"


def _position(record: EventRecord) -> int:
    return record.push.first_position + record.push.index


async def _read(path: Path) -> dict[str, str] | None:
    return json.loads(path.read_text("utf-8")) if path.exists() else None


async def _succeeded(stage: Stage, *command: str | Path) -> str:
    done = await stage.run(*command)
    assert done["code"] == 0, done["err"]
    return done["out"].strip()
