"""The whole way of a matter by the `xiezhi` command alone, as clerks and scripts use it."""

import json
from pathlib import Path

import pytest
from tests.stage.company import Company, eventually
from tests.stage.people import (
    CASE_NUMBER,
    CHIEF,
    DISPATCHER,
    GUSU,
    JUDGE,
    LETTER,
    RECORD,
    SEALER,
    SPECIALIST,
    case,
)
from tests.stage.plugin import Stage
from tests.stage.terminals import Terminals

REFUSED, USAGE, NOT_REACHED = 1, 2, 3


@pytest.fixture
async def terminals(stage: Stage, tmp_path: Path) -> Terminals:
    return Terminals(stage, tmp_path)


@pytest.mark.long
async def test_a_matter_by_commands_alone(terminals: Terminals, stage: Stage, tmp_path: Path) -> None:
    for player in (JUDGE, CHIEF, SEALER, DISPATCHER, SPECIALIST):
        await terminals.log_in(player)
    case_file = tmp_path / "case.json"
    case_file.write_text(json.dumps(case().to_plain(), ensure_ascii=False), "utf-8")
    await terminals.run(JUDGE, "case", "put", case_file)
    order = (
        "--case",
        CASE_NUMBER,
        "--to",
        GUSU,
        "--subject",
        "1",
        "--act",
        "查找人员",
        "--scope",
        "查找下落",
    )
    words = ("--clue", "邻居称其居住于演示路一号", "--request", "请协助查找", "--attach", f"委托函={LETTER}")
    drafted = await terminals.json(JUDGE, "find", *order, *words, "--submit")
    matter = drafted["submitted"]["instruction_id"]
    number = drafted["submitted"]["matter_number"]
    assert "同意" in (await terminals.run(CHIEF, "approve", number, "--opinion", "同意"))["out"]
    sealed = await terminals.json(SEALER, "seal", matter)
    assert sealed["instruction_id"] == matter

    async def arrived() -> bool:
        rows = await terminals.json(DISPATCHER, "inbox", "--state", "待签收")
        return [row["instruction_id"] for row in rows] == [matter]

    await eventually(arrived)
    await terminals.run(DISPATCHER, "assign", matter, "--to", SPECIALIST.login)
    refused = await terminals.run(SPECIALIST, "complete", matter, "--text", "已办", code=REFUSED)
    assert "请逐项填写" in refused["err"]
    paper = f"执行笔录={RECORD}"
    await terminals.run(
        SPECIALIST, "complete", matter, "--text", "已找到本人", "--item", "1=已办成", "--attach", paper
    )
    watched = await terminals.run(JUDGE, "watch", "--after", "0", "--count", "5", "--json")
    changes = [json.loads(line) for line in watched["out"].splitlines()]
    assert {change["instruction"]["instruction_id"] for change in changes} == {matter}
    assert [change["cursor"] for change in changes] == sorted({change["cursor"] for change in changes})

    async def reported() -> bool:
        shown = await terminals.json(JUDGE, "show", matter)
        return shown["instruction"]["summary"]["state"] == "REPORTED"

    await eventually(reported)
    confirmed = await terminals.run(JUDGE, "confirm", number, "--text", "已收悉")
    assert "已确认办结" in confirmed["out"]
    again = await terminals.run(JUDGE, "confirm", matter, "--json", code=REFUSED)
    assert json.loads(again["err"])["error"]["reason"] == "WRONG_STATE"

    receipts = tmp_path / "receipts"
    receipts.mkdir()
    saved = await terminals.json(JUDGE, "receipt", matter, "--to", receipts)
    assert len(saved) >= 5
    pins = stage.data(JUDGE.place) / "endpoints.json"
    verified = await terminals.json(JUDGE, "verify", *(each["receipt"] for each in saved), "--pins", pins)
    assert [each["event_id"] for each in verified if each["verified"]] == [each["event_id"] for each in saved]
    copies = []
    for player in (JUDGE, DISPATCHER):
        copies.append(tmp_path / f"{player.login}-copy.json")
        copies[-1].write_text(
            (await terminals.run(player, "show", matter, "--history", "--json"))["out"], "utf-8"
        )
    compared = await terminals.json(JUDGE, "audit", copies[0], "--against", copies[1])
    assert compared["equal"]
    papers = tmp_path / "papers"
    papers.mkdir()
    await terminals.run(JUDGE, "download", matter, "--to", papers)
    assert (papers / RECORD.name).read_bytes() == RECORD.read_bytes()


async def test_a_spreadsheet_imported_twice_drafts_once(
    terminals: Terminals, company: Company, tmp_path: Path
) -> None:
    await terminals.log_in(JUDGE)
    (tmp_path / "函.pdf").write_bytes(LETTER.read_bytes())
    sheet = tmp_path / "批量.csv"
    titles = "案号,受托法院,对象序号,办理行为,办理要求,办理线索,请求内容,文书"
    row = f"{CASE_NUMBER},{GUSU},1,查找人员,查找下落,见卷宗,请协助查找,委托函=函.pdf"
    sheet.write_text(f"{titles}\n{row}\n{row}\n", "utf-8")
    first = await terminals.json(JUDGE, "import", sheet, "--submit")
    again = await terminals.json(JUDGE, "import", sheet, "--submit")
    assert again == first
    matters = {result["receipt"]["instruction_id"] for result in first["results"]}
    assert len(matters) == 2
    judge = await company.client(JUDGE)
    waiting = [row async for row in judge.instructions.list("SENT", ["AWAITING_APPROVAL"])]
    assert {row.instruction_id for row in waiting} == matters


async def test_exit_codes_say_what_scripts_have_to_know(terminals: Terminals, stage: Stage) -> None:
    await terminals.log_in(JUDGE)
    await terminals.run(JUDGE, "show", "--no-such-option", code=USAGE)
    unknown = await terminals.run(JUDGE, "show", "苏0591委〔2026〕9999号", code=REFUSED)
    assert "找不到该事项" in unknown["err"]
    await stage.kill(JUDGE.place)
    away = await terminals.run(JUDGE, "inbox", code=NOT_REACHED)
    assert away["err"].startswith("未完成：")
    await stage.start(JUDGE.place)
    await terminals.run(JUDGE, "logout")
    signed_out = await terminals.run(JUDGE, "whoami", code=REFUSED)
    assert "xiezhi login" in signed_out["err"]
