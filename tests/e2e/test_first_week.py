"""The first week of a court by the `xiezhi` command alone: its people, its passwords, its duty roster."""

import csv
import stat
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.stage.company import eventually
from tests.stage.people import GUSU, PARK
from tests.stage.plugin import Stage
from tests.stage.terminals import Terminals

from xiezhi_domain.court_time import SHANGHAI

pytestmark = pytest.mark.long

REFUSED = 1


@pytest.fixture
async def terminals(stage: Stage, tmp_path: Path) -> Terminals:
    terminals = Terminals(stage, tmp_path)
    credentials = stage.administrators[PARK]
    await terminals.log_in(credentials["login"], credentials["password"], PARK)
    return terminals


async def test_a_court_brings_its_people_and_its_roster(
    terminals: Terminals, stage: Stage, tmp_path: Path
) -> None:
    admin = stage.administrators[PARK]["login"]
    sheet, secrets = tmp_path / "名单.xlsx", tmp_path / "初始密码.csv"
    await terminals.run(admin, "staff", "import", "--template", sheet)
    book = load_workbook(sheet)
    page = book.active
    people = [
        ["演示甲", "jia", "承办法官", "0512-00000001", "13900000001", "演工1", "演执1", "2028-12-31"],
        ["演示乙", "yi", "指挥中心专员、值班员", "0512-00000002"],
        ["演示丙", "bing", "执行员"],
    ]
    for at, person in enumerate(people, 2):
        for column, value in enumerate(person, 1):
            page.cell(at, column).value = value
    book.save(sheet)
    wrong = await terminals.run(admin, "staff", "import", sheet, code=REFUSED)
    assert "执行员" in wrong["out"]
    page["C4"] = "外勤"
    book.save(sheet)

    planned = await terminals.json(admin, "staff", "import", sheet, "--check")
    assert [each["outcome"] for each in planned["results"]] == ["CREATED"] * 3
    assert not secrets.exists()
    first = await terminals.json(admin, "staff", "import", sheet, "--passwords", secrets)
    assert [each["outcome"] for each in first["results"]] == ["CREATED"] * 3
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    written = secrets.read_bytes()
    again = await terminals.json(admin, "staff", "import", sheet, "--passwords", secrets)
    assert again == first
    assert secrets.read_bytes() == written

    passwords = {
        row["登录名"]: row["初始密码"] for row in csv.DictReader(secrets.read_text("utf-8").splitlines())
    }
    await terminals.log_in("jia", passwords["jia"], PARK)
    new = "a password of my own"
    await terminals.run("jia", "password", "--stdin", text=f"{passwords['jia']}\n{new}\n")
    await terminals.log_in("jia", passwords["jia"], PARK, code=REFUSED)
    await terminals.log_in("jia", new, PARK)

    await terminals.run(admin, "account", "disable", "jia")
    await terminals.log_in("jia", new, PARK, code=REFUSED)
    await terminals.run(admin, "account", "enable", "jia")
    await terminals.run(admin, "account", "reset-password", "jia", "--stdin", text="set by the office\n")
    await terminals.log_in("jia", "set by the office", PARK)

    duties = tmp_path / "值班表.csv"
    today = datetime.now(SHANGHAI).date().isoformat()
    duties.write_text(f"日期,值班人,值班电话\n{today},演示乙,0512-00000002\n", "utf-8")
    await terminals.log_in("yi", passwords["yi"], PARK)
    shut = await terminals.run("yi", "roster", "import", duties, code=REFUSED)
    assert "初始密码" in shut["err"]
    await terminals.run("yi", "password", "--stdin", text=f"{passwords['yi']}\n{new}\n")
    imported = await terminals.json("yi", "roster", "import", duties)
    assert imported["days"] == 1
    elsewhere = stage.administrators[GUSU]
    await terminals.log_in(
        elsewhere["login"] + "-gusu", elsewhere["password"], GUSU, login=elsewhere["login"]
    )

    async def told() -> bool:
        found = await terminals.json(elsewhere["login"] + "-gusu", "roster", "now", PARK)
        return [(duty["name"], duty["phone"]) for duty in found["duties"]] == [("演示乙", "0512-00000002")]

    await eventually(told)
    ledger, listed = tmp_path / "台账.csv", tmp_path / "清单.csv"
    row = f"全国事项委托系统,委2026-1,查人找物,受托,京0101,{today},办理中,yi"
    ledger.write_text(
        f"渠道,外部编号,事项类型,方向,对方法院,收发日期,当前状态,承办人登录名\n{row}\n", "utf-8"
    )
    await terminals.run("yi", "outside", "import", ledger, "--backfill")
    assert "补录" in (await terminals.run("yi", "outside", "list"))["out"]
    await terminals.run("yi", "export", "list", listed, "--outside", "--reason", "上线核对")
    assert "委2026-1" in listed.read_text("utf-8-sig")
