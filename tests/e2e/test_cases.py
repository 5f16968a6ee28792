"""From a case number to the result in the case's folder, with the shipped adapter and the sample dossier."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.test_cli import Terminals
from tests.integration.cases.adapter import Adapter
from tests.stage.company import Company, eventually
from tests.stage.people import CASE_NUMBER, CHIEF, DISPATCHER, GUSU, JUDGE, PARK, SEALER, SUPERVISOR
from tests.stage.plugin import Stage

pytestmark = pytest.mark.long

SAMPLE = Path(__file__).parents[2] / "examples" / "suzhou" / "cases"


async def connect(stage: Stage, adapter: Adapter) -> None:
    """Give the court's node its case source."""
    place = adapter.place
    token = place.authority.parent / "token"
    lines = {
        "case_source_address": place.address,
        "case_source_authority": str(place.authority),
        "case_source_token_file": str(token),
    }
    config = stage.config(PARK)
    text = "".join(f"{key} = {json.dumps(value)}\n" for key, value in lines.items())
    config.write_text(config.read_text("utf-8") + text, "utf-8")
    await stage.stop(PARK)
    await stage.start(PARK)


async def test_the_case_system_is_where_sending_starts_and_ends(
    stage: Stage, company: Company, tmp_path: Path
) -> None:
    cases = tmp_path / "cases"
    shutil.copytree(SAMPLE, cases)
    [folder] = cases.iterdir()
    adapter = Adapter(stage.server, tmp_path / "adapter", "--folder", str(cases))
    await adapter.start()
    try:
        await connect(stage, adapter)
        terminals = Terminals(stage, tmp_path)
        for player in (JUDGE, CHIEF, SEALER, DISPATCHER, SUPERVISOR):
            await terminals.log_in(player)
        imported = await terminals.json(JUDGE, "case", "import", CASE_NUMBER)
        assert imported["case_file"]["received_fen"] == 300_000
        papers = await terminals.json(JUDGE, "case", "dossier", CASE_NUMBER)
        assert "委托函.pdf" in [paper["document_id"] for paper in papers]
        assert await terminals.json(JUDGE, "case", "related", CASE_NUMBER, "--purpose", "核对") == []
        [asked] = await terminals.json(SUPERVISOR, "supervise", "related-queries")
        assert (asked["court"], asked["account_name"], asked["purpose"]) == (PARK, JUDGE.name, "核对")
        matter = await send_from_dossier(terminals)
        await company.until(DISPATCHER, matter, "AWAITING_SIGNATURE", settled=True)
        await company.assign(matter)
        await company.complete(matter)
        await eventually(lambda: written(folder, matter))
        (folder / "case.toml").write_text(
            (folder / "case.toml").read_text("utf-8") + '\n[[changes]]\nchange = "终本"\non = 2026-03-02\n',
            "utf-8",
        )
        assert await eventually(lambda: concerned(terminals)) == matter
    finally:
        await adapter.kill()


async def send_from_dossier(terminals: Terminals) -> str:
    order = ("--case", CASE_NUMBER, "--to", GUSU, "--subject", "1", "--act", "查找人员", "--act", "现场勘查")
    words = (
        "--scope",
        "查找下落",
        "--clue",
        "邻居称居住于演示路一号",
        "--request",
        "请协助查找",
        "--why-not-query",
        "需现场核实",
    )
    drafted = await terminals.json(JUDGE, "find", *order, *words, "--dossier", "委托函.pdf", "--submit")
    matter = drafted["draft"]["receipt"]["instruction_id"]
    assert drafted["submitted"]["state"] == "AWAITING_APPROVAL"
    await terminals.run(CHIEF, "approve", matter)
    await terminals.run(SEALER, "seal", matter)
    return matter


async def written(folder: Path, matter: str) -> bool:
    found = [json.loads(path.read_text("utf-8")) for path in (folder / "feedback").glob("*.json")]
    return [each["instruction_id"] for each in found] == [matter]


async def concerned(terminals: Terminals) -> Any:
    found = await terminals.json(JUDGE, "case", "changes", "--waiting")
    matters = [each["instruction"]["instruction_id"] for change in found for each in change["instructions"]]
    return matters[0] if matters else None
