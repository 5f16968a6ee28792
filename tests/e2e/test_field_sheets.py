"""One round of visits for two matters by the `xiezhi` command alone."""

import json
from pathlib import Path

import pytest
from tests.stage.company import Company, eventually
from tests.stage.people import JUDGE, SPECIALIST
from tests.stage.plugin import Stage
from tests.stage.terminals import Terminals

pytestmark = pytest.mark.long

REFUSED = 1
DAY = "2037-01-05"


async def test_a_round_is_planned_printed_and_split_back(
    stage: Stage, company: Company, tmp_path: Path
) -> None:
    matters = [await company.deliver() for _ in range(2)]
    for matter in matters:
        await company.assign(matter)
        await company.until(SPECIALIST, matter, "IN_PROGRESS", settled=True)
    terminals = Terminals(stage, tmp_path)
    await terminals.log_in(SPECIALIST)
    waiting = await terminals.json(SPECIALIST, "field", "items")
    assert {visit["instruction_id"] for visit in waiting} == set(matters)
    people = ("--officer", SPECIALIST.name, "--officer", "周执行员")
    alone = await terminals.run(SPECIALIST, "field", "make", "--day", DAY, *people[:2], code=REFUSED)
    assert "2 名以上" in alone["err"]
    chosen = [
        f"{matter}:{number}:苏州市姑苏区平江街道演示路{number}号" for matter in matters for number in (1, 2)
    ]
    items = [word for item in chosen for word in ("--item", item)]
    sheet = await terminals.json(SPECIALIST, "field", "make", "--day", DAY, *people, *items)
    assert [visit["order"] for visit in sheet["visits"]] == [1, 2, 3, 4]
    assert {visit["area"] for visit in sheet["visits"]} == {"姑苏区平江街道"}
    await terminals.run(
        SPECIALIST,
        "field",
        "export",
        sheet["sheet_id"],
        "--purpose",
        "外勤",
        "--format",
        "pdf",
        "--into",
        tmp_path,
    )
    assert (tmp_path / f"外勤任务单-{DAY}.pdf").read_bytes().startswith(b"%PDF-")
    outcome = {"number": 1, "outcome": "DONE", "note": "已当面核对身份"}
    reports = [{"instruction_id": matter, "text": "已到场", "outcomes": [outcome]} for matter in matters]
    file = tmp_path / "results.json"
    file.write_text(json.dumps({"reports": reports}, ensure_ascii=False), "utf-8")
    told = await terminals.json(SPECIALIST, "field", "report", sheet["sheet_id"], file)
    assert all(result["receipt"] for result in told["results"])
    again = await terminals.run(SPECIALIST, "field", "report", sheet["sheet_id"], file, code=REFUSED)
    assert "已经填报" in again["out"]
    closed = await terminals.json(SPECIALIST, "field", "close", sheet["sheet_id"])
    assert (closed["open"], closed["reported_count"]) == (False, 2)
    judge = await company.client(JUDGE)
    for matter in matters:

        async def arrived(matter: str = matter) -> bool:
            outcomes = (await judge.instructions.get(matter)).outcomes
            return [(each.number, each.outcome) for each in outcomes] == [(1, "DONE")]

        await eventually(arrived)
    assert len(await terminals.json(SPECIALIST, "field", "items")) == 2
