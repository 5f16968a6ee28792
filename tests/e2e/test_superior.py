"""What the intermediate court does to matters, with a hub and two nodes as processes."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.stage.company import Company, eventually
from tests.stage.people import DISPATCHER, GUSU, GUSU_CHIEF, HUB_CHIEF, JUDGE, LETTER, SUPERVISOR

from xiezhi_client.sdk import UrgeOrder, UrgeTarget, new_instruction_id

pytestmark = pytest.mark.long

OTHER_COURT = "苏0505"


async def test_a_court_is_urged_and_its_matter_rerouted(company: Company, tmp_path: Path) -> None:
    matter = await company.deliver()
    superior, chief = await company.client(SUPERVISOR), await company.client(HUB_CHIEF)
    urged, gusu_chief = await company.client(DISPATCHER), await company.client(GUSU_CHIEF)

    target = UrgeTarget(court=GUSU, instruction_ids=(matter,))
    order = UrgeOrder(
        subject="关于尽快签收的督办",
        about="SIGNING",
        requirement="请核实是否属本院辖区",
        ground="逾期未签收",
        targets=(target,),
    )
    draft_id = new_instruction_id()
    letter = await superior.documents.upload(draft_id, LETTER, "SUPERVISION_LETTER")
    draft = await superior.urges.draft(replace(order, documents=(letter,)), draft_id)
    [receipt] = await chief.urges.approve(draft.draft_id, "同意", seen=draft.content_hash)
    for player in (JUDGE, DISPATCHER):
        await eventually(lambda player=player: _marked(company, player, matter))

    await company.until(DISPATCHER, receipt.instruction_id, "ISSUED")
    await eventually(lambda: _delivered(company, receipt.instruction_id))
    fetched = await urged.documents.download(receipt.instruction_id, letter.sha256, tmp_path)
    assert fetched.read_bytes() == LETTER.read_bytes()
    await urged.instructions.sign(receipt.instruction_id)
    await urged.received_urges.draft_reply(receipt.instruction_id, "经核实，财产不在本院辖区")
    waits = await gusu_chief.received_urges.get(receipt.instruction_id)
    await gusu_chief.received_urges.approve_reply(
        receipt.instruction_id, "同意上报", seen=waits.reply_draft_hash
    )
    await eventually(lambda: _replied(company, receipt.instruction_id))
    closed = await superior.urges.close(receipt.instruction_id, "DONE")
    assert (closed.state, closed.pending) == ("SUPERVISION_DONE", False)

    await superior.superior.reroute(matter, OTHER_COURT, "财产在该院辖区")
    await company.until(DISPATCHER, matter, "REROUTED")
    await company.until(JUDGE, matter, "IN_TRANSIT")
    seen = await company.summary(JUDGE, matter)
    assert (seen.receiver, "SUPERVISED" in seen.marks) == (OTHER_COURT, False)
    assert (await company.kinds(JUDGE, matter))[-3:] == ["Supervised", "SupervisionEnded", "Rerouted"]


async def _marked(company: Company, player: object, matter: str) -> bool:
    return "SUPERVISED" in (await company.summary(player, matter)).marks  # type: ignore[arg-type]  # a Player


async def _delivered(company: Company, urge: str) -> bool:
    return "Delivered" in await company.kinds(DISPATCHER, urge)


async def _replied(company: Company, urge: str) -> bool:
    superior = await company.client(SUPERVISOR)
    return bool((await superior.urges.get(urge, "核对回复")).replies)
