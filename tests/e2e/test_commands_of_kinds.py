"""A distribution with its papers, and the papers at the filing of a case, by the `xiezhi` command alone."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.stage.company import Company, eventually
from tests.stage.people import (
    CASE_NUMBER,
    CHIEF,
    DISPATCHER,
    GUSU,
    GUSU_JUDGE,
    JUDGE,
    LETTER,
    SEALER,
    Player,
)
from tests.stage.plugin import Stage
from tests.stage.terminals import Terminals

from xiezhi_domain.court_time import SHANGHAI

pytestmark = pytest.mark.long

REFUSED = 1
TTY = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)"
"""A program that gives another a terminal to ask on."""
ACCOUNT = {
    "执行款专户户名": "演示法院",
    "执行款专户开户银行": "演示银行",
    "执行款专户账号": "0000",
    "报告期限": "十五日",
}


@pytest.fixture
async def terminals(stage: Stage, tmp_path: Path) -> Terminals:
    return Terminals(stage, tmp_path)


def paper(folder: Path, name: str) -> Path:
    """A paper that looks like others but is one of its own."""
    file = folder / f"{name}.pdf"
    file.write_bytes(LETTER.read_bytes() + f"%{name}\n".encode())
    return file


async def until_step(company: Company, player: Player, matter: str, kind: str) -> None:
    """Wait until a step stands in the player's timeline of a matter."""

    async def look() -> bool:
        return kind in await company.kinds(player, matter)

    await eventually(look)


async def names_in(company: Company, player: Player, matter: str) -> set[str]:
    """The papers that the steps of a matter name."""
    timeline = await (await company.client(player)).instructions.timeline(matter)
    return {document.name for entry in timeline for document in entry.documents}


async def test_what_the_papers_at_filing_lack_is_asked_for_once(
    terminals: Terminals, stage: Stage, tmp_path: Path
) -> None:
    await terminals.log_in(JUDGE)
    profile = ("--profile", tmp_path / f"{JUDGE.login}.json")
    filing = ("letter", "filing", "--case", CASE_NUMBER, "--to", tmp_path)
    nobody = await terminals.run(JUDGE, *filing, code=REFUSED)
    assert "请用 --set 或 --fields 填写：" in nobody["err"]
    typed = "".join(f"{text}\n" for text in ACCOUNT.values())
    program = Path(sys.executable).with_name("xiezhi")
    done = await stage.run("python", "-c", TTY, program, *profile, *filing, text=typed)
    assert done["code"] == 0, done
    for label in ACCOUNT:
        assert done["out"].count(f"{label}:") == 1, done["out"]
    made = {file.suffix for file in (tmp_path / CASE_NUMBER).iterdir()}
    assert (len(list((tmp_path / CASE_NUMBER).iterdir())), made) == (4, {".pdf"})


APPLICATION = f"""
case_number = "{CASE_NUMBER}"
receiver = "{GUSU}"
subject_numbers = [1]
request_text = "被执行人的财产不能清偿所有债权"
debtor = "NATURAL_PERSON"
property = "演示新村九幢房屋拍卖款"
creditor = "李某演"
claim_fen = 10000
effective_document = "（2021）苏0591民初4321号"
insufficiency = "FINDINGS_BELOW_CLAIMS"
enforcement_began_on = "2026-01-05"
attach = ["参与分配函=参与分配函.pdf", "参与分配申请书=申请书.pdf", "执行依据=执行依据.pdf"]
"""
PLAN = """
case_number = "（2026）苏0508执9号"
debtor_name = "张某演"
property = "演示新村九幢房屋拍卖款"
total_fen = 12000
costs_fen = 2000
claims = [{ number = 2, creditor = "王某演", amount_fen = 10000, basis = "执行依据" }]
"""


async def applied(terminals: Terminals, company: Company, folder: Path) -> str:
    """An application of Park's judge that lies with Gusu's."""
    for name in ("参与分配函", "申请书", "执行依据"):
        paper(folder, name)
    file = folder / "申请.toml"
    file.write_text(APPLICATION.replace('creditor = "李某演"\n', ""), "utf-8")
    lacking = await terminals.run(JUDGE, "distribution", "draft", "--file", file, "--submit", code=REFUSED)
    assert "creditor" in lacking["err"] + lacking["out"]
    file.write_text(APPLICATION, "utf-8")
    answer = await terminals.json(JUDGE, "distribution", "draft", "--file", file, "--submit")
    matter = str(answer["submitted"]["instruction_id"])
    await (await company.client(CHIEF)).instructions.approve(matter, "同意转送")
    await (await company.client(SEALER)).instructions.affix_seal(matter)
    await company.until(DISPATCHER, matter, "AWAITING_SIGNATURE", settled=True)
    await company.assign(matter, GUSU_JUDGE)
    return matter


async def test_a_distribution_with_its_papers(terminals: Terminals, company: Company, tmp_path: Path) -> None:
    for player in (JUDGE, GUSU_JUDGE):
        await terminals.log_in(player)
    matter = await applied(terminals, company, tmp_path)
    admit = ("distribution", "admit", matter, "--amount", "10000", "--debtor", "自然人")
    distribution = (await terminals.json(GUSU_JUDGE, *admit))["distribution_id"]
    none_yet = await terminals.run(GUSU_JUDGE, "letter", "make", "财产分配方案", matter, code=REFUSED)
    assert "分配方案" in none_yet["err"]
    plan = tmp_path / "方案.toml"
    plan.write_text(PLAN, "utf-8")
    issued = await terminals.run(GUSU_JUDGE, "distribution", "plan", distribution, "--file", plan)
    assert "50.00" in issued["out"]
    await until_step(company, JUDGE, matter, "PlanIssued")

    forms = ("--as", "pdf", "--as", "word")
    sent = await terminals.json(GUSU_JUDGE, "distribution", "paper", distribution, *forms, "--send")
    assert [each["name"] for each in sent[matter]] == ["财产分配方案.pdf", "财产分配方案.docx"]
    await until_step(company, JUDGE, matter, "MaterialSupplied")
    assert {"财产分配方案.pdf", "财产分配方案.docx"} <= await names_in(company, JUDGE, matter)
    served = (datetime.now(UTC) - timedelta(hours=1)).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    how = ("--paper", "方案", "--at", served, "--way", "直接送达", "--attach")
    proof = paper(tmp_path, "债权人的送达回证")
    await terminals.run(JUDGE, "distribution", "received", matter, *how, f"送达回证={proof}")
    own = paper(tmp_path, "被执行人的送达回证")
    told = ("distribution", "served", distribution, "--party", "0", *how, f"送达回证={own}")
    [receipt] = await terminals.json(GUSU_JUDGE, *told)
    assert receipt["instruction_id"] == matter

    async def both_served() -> bool:
        return {proof.name, own.name} <= await names_in(company, JUDGE, matter)

    await eventually(both_served)
    early = await terminals.run(GUSU_JUDGE, "distribution", "settle", distribution, code=REFUSED)
    assert "还不能确定分配方案" in early["err"]
    shown = await terminals.run(JUDGE, "distribution", "show", matter)
    assert "异议期未满" in shown["out"]
