"""Rules published by command, by the hub or as a court's own proposal; all courts have them, with the hub gone too."""

from functools import partial
from pathlib import Path

import pytest
from tests.stage.company import Company, eventually
from tests.stage.people import (
    CHIEF,
    DIRECTOR,
    DISPATCHER,
    GUSU,
    HUB,
    HUB_DIRECTOR,
    JUDGE,
    LETTER,
    PAPERS,
    PARK,
    SEALER,
    Player,
    order,
)
from tests.stage.plugin import Stage
from tests.stage.terminals import Terminals

from xiezhi_client.sdk import ChannelRule, new_instruction_id
from xiezhi_domain.court_time import to_date
from xiezhi_journal.journal import system_clock

pytestmark = pytest.mark.long

PHOTO = PAPERS / "现场照片-车辆.jpg"
OVERLAY = f"""\
court = "{GUSU}"
[[kind.FIND.papers]]
acts = ["LOCATE_PERSON"]
papers = ["PHOTO"]
reason = "本院要求附照片"
source = "本地要求"
confirmed = false
local = true
"""


async def test_a_court_s_wishes_reach_the_others(stage: Stage, company: Company, tmp_path: Path) -> None:
    before = await company.deliver()
    terminals, overlay = Terminals(stage, tmp_path), tmp_path / "gusu.toml"
    await terminals.log_in("admin", stage.administrators[HUB]["password"], HUB)
    command = ("rulebook", "publish", overlay, "--from", to_date(system_clock()).isoformat())

    overlay.write_text(OVERLAY.replace("papers = [", "paper = ["), "utf-8")
    slip = await terminals.run("admin", *command, "--yes", code=1)
    assert "gusu.toml:4 kind.FIND.papers.paper" in slip["err"]
    overlay.write_text(OVERLAY, "utf-8")
    told = await terminals.json("admin", *command, "--dry-run")
    assert f"{GUSU}:kind.FIND.papers[1].reason" in {each["path"] for each in told["differences"]}
    published = (await terminals.json("admin", *command, "--yes"))["rulebook"]
    await terminals.log_in(JUDGE)

    async def heard() -> bool:
        listed = await terminals.json(JUDGE, "rulebook", "published")
        return bool(listed[0]["hash"] == published["hash"] and listed[0]["in_force"])

    await eventually(heard)
    await stage.kill(HUB)
    await stage.kill(PARK)
    await stage.start(PARK)
    judge, matter = await company.client(JUDGE), new_instruction_id()
    letter = await judge.documents.upload(matter, LETTER, "ENTRUSTMENT_LETTER")
    draft = await judge.find.draft(order((letter,)), matter)
    assert [paper.reason for paper in draft.missing_papers] == ["本院要求附照片"]
    photo = await judge.documents.upload(matter, PHOTO, "PHOTO")
    await judge.find.draft(order((letter, photo)), matter)
    await judge.instructions.submit(matter)
    await (await company.client(CHIEF)).instructions.approve(matter, "同意")
    await (await company.client(SEALER)).instructions.affix_seal(matter)
    await stage.start(HUB)
    for player in (JUDGE, DISPATCHER):
        await company.until(player, matter, "AWAITING_SIGNATURE", settled=True)
    assert (await judge.instructions.get(matter)).rulebook == published["hash"]
    # What was sent before goes on under its own.
    assert (await judge.instructions.get(before)).rulebook != published["hash"]
    await company.assign(before)
    await company.until(JUDGE, before, "IN_PROGRESS", settled=True)


async def test_a_court_proposes_its_own_rules_while_the_hub_is_away(
    stage: Stage, company: Company, tmp_path: Path
) -> None:
    terminals, overlay = Terminals(stage, tmp_path), tmp_path / "gusu.toml"
    for player in (DIRECTOR, HUB_DIRECTOR, JUDGE):
        await terminals.log_in(player)
    today = to_date(system_clock()).isoformat()
    command = ("rulebook", "propose", overlay, "--from", today)
    # The test above, on the same stage, may have published it as it is.
    wished = OVERLAY.replace("照片", "近照")
    overlay.write_text(wished.replace(GUSU, PARK), "utf-8")
    slip = await terminals.run(DIRECTOR, *command, "--yes", code=1)
    assert f'gusu.toml:1 court：只能写本院 "{GUSU}" 的要求' in slip["err"]

    overlay.write_text(wished, "utf-8")
    await stage.kill(HUB)
    told = await terminals.run(DIRECTOR, *command, "--yes")
    assert "涉及其他法院，须中院同意：所需文书" in told["out"] + told["err"]
    # Also after a restart of the court's own node.
    await stage.kill(GUSU)
    await stage.start(GUSU)
    [proposal] = await terminals.json(DIRECTOR, "rulebook", "proposals")
    assert proposal["state"] == "QUEUED"
    await stage.start(HUB)

    async def stands(player: Player, state: str) -> bool:
        found = await terminals.json(player, "rulebook", "proposals")
        return [each["state"] for each in found] == [state]

    await eventually(partial(stands, HUB_DIRECTOR, "AWAITING_CONSENT"))
    done = await terminals.json(HUB_DIRECTOR, "rulebook", "consent", proposal["proposal_id"], "--yes")
    await eventually(partial(stands, DIRECTOR, "PUBLISHED"))

    async def heard() -> bool:
        listed = await terminals.json(JUDGE, "rulebook", "published")
        return bool(listed[0]["hash"] == done["proposal"]["rulebook"] and listed[0]["in_force"])

    await eventually(heard)


async def test_a_channel_policy_is_told_to_connected_nodes(company: Company) -> None:
    hub, judge = await company.client(HUB_DIRECTOR), await company.client(JUDGE)
    seen = (await hub.channels.policy()).version
    rule = ChannelRule(kind="FIND", sender=GUSU, receiver=PARK, channel="PAPER")
    policy = await hub.channels.set_policy([rule], "苏中法〔2026〕演示9号", seen_version=seen)

    async def heard() -> bool:
        return (await judge.channels.policy()).version == policy.version

    await eventually(heard)
