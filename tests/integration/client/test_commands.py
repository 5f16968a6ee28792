"""The command line against a node: what people see, what programs read, how it ends."""

import csv
import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.integration.client.conftest import Stage, Terminal
from tests.integration.client.fake_node import LOGIN, PASSWORD
from tests.integration.client.orders import CASE_NUMBER

from xiezhi.v1.evidence_service_pb2 import GetReceiptResponse
from xiezhi.v1.export_service_pb2 import LIST_FORMAT_CSV
from xiezhi_client.cli.app import app
from xiezhi_domain.events.ruling import encode_entry
from xiezhi_domain.evidence.tlogproof import TlogProof

ORDER = [
    "--case",
    CASE_NUMBER,
    "--to",
    "苏0508",
    "--subject",
    "1",
    "--act",
    "查找人员",
    "--request",
    "请查找",
]


def drafted(xiezhi: Terminal, *more: str) -> str:
    return str(xiezhi.json("find", *ORDER, *more)["draft"]["receipt"]["instruction_id"])


def sent(xiezhi: Terminal) -> str:
    matter = drafted(xiezhi)
    for command in ("submit", "approve", "seal"):
        xiezhi(command, matter)
    return matter


def events(xiezhi: Terminal, matter: str) -> list[str]:
    return [entry["event_id"] for entry in xiezhi.json("show", matter)["timeline"]]


def test_signing_in_stores_a_token_that_only_its_owner_can_read(stage: Stage, tmp_path: Path) -> None:
    node = stage.ask(node=True)
    xiezhi = Terminal(stage, node, tmp_path / "new" / "profile.json")
    refused = xiezhi("whoami", code=1)
    assert "xiezhi login" in refused.stderr
    login = ["login", "--address", node["address"], "--ca", node["ca"], "--user", LOGIN, "--stdin"]
    told = xiezhi(*login, text=PASSWORD + "\n").stdout
    assert "张法官" in told
    assert "上次登录：2026-11-22 10:31（来自 192.0.2.7）；此后有 2 次登录未成功" in told
    assert stat.S_IMODE(xiezhi.profile.stat().st_mode) == 0o600
    assert PASSWORD not in xiezhi.profile.read_text()
    assert xiezhi.json("whoami")["account"]["roles"] == ["JUDGE"]
    assert "承办法官" in xiezhi("whoami").stdout
    xiezhi("logout")
    assert "SIGNED_OUT" not in xiezhi("whoami", code=1).stdout
    assert json.loads(xiezhi.profile.read_text())["token"] == ""


def test_a_wrong_password_is_refused_and_nothing_is_stored(stage: Stage, tmp_path: Path) -> None:
    node = stage.ask(node=True)
    xiezhi = Terminal(stage, node, tmp_path / "profile.json")
    login = ["login", "--address", node["address"], "--ca", node["ca"], "--user", LOGIN, "--stdin"]
    assert "账号或密码不正确" in xiezhi(*login, code=1, text="wrong\n").stderr
    assert not xiezhi.profile.exists()


def test_a_program_signs_in_with_its_token(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = stage.ask(node=True)
    xiezhi = Terminal(stage, node, tmp_path / "profile.json")
    xiezhi(
        "login",
        "--address",
        node["address"],
        "--ca",
        node["ca"],
        "--token",
        "--stdin",
        text=node["token"] + "\n",
    )
    assert xiezhi.json("whoami")["court"] == "苏0591"
    monkeypatch.setenv("XIEZHI_TOKEN", "another")
    assert "登录已失效" in xiezhi("whoami", code=1).stderr


def test_a_case_is_put_and_shown(xiezhi: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "case.toml"
    file.write_text(
        'case_number = "(2026)苏0591执1234号"\ncause = "信用卡纠纷"\nclaimed_fen = 1234500\n'
        '[[subjects]]\nnumber = 1\nrole = "DEBTOR"\n'
        '[subjects.person]\nname = "测试甲"\nidentity_number = "320500189901010016"\n'
    )
    assert "请核对联系电话" in xiezhi("case", "put", str(file)).stdout
    shown = xiezhi("case", "show", "(2026)苏0591执1234号").stdout
    assert "12,345.00 元" in shown
    assert "被执行人" in shown
    file.write_text('case_number = "x"\nspeed = 1\n')
    refused = xiezhi("case", "put", str(file), code=1)
    assert "字段 speed" in refused.stderr


def test_an_error_tells_the_field_in_both_forms(xiezhi: Terminal) -> None:
    wrong = ["find", "--case", "1234", "--to", "苏0508", "--act", "查找人员"]
    people = xiezhi(*wrong, code=1)
    assert "案号应以括号" in people.stderr
    assert "字段 order.case_number" in people.stderr
    programs = xiezhi(*wrong, "--json", code=1)
    assert json.loads(programs.stderr)["error"]["fields"][0]["field"] == "order.case_number"
    assert programs.stdout == ""


def test_a_find_order_from_flags_shows_what_is_missing(xiezhi: Terminal, tmp_path: Path) -> None:
    assert "委托函" in xiezhi("find", *ORDER).stdout
    assert "尚未送审" in xiezhi("find", *ORDER, "--submit", code=1).stdout
    letter = tmp_path / "委托函.pdf"
    letter.write_bytes(b"%PDF-1.7 letter")
    done = xiezhi("find", *ORDER, "--attach", f"委托函={letter}", "--submit")
    assert "待审批" in done.stdout


def test_a_find_order_from_a_file(xiezhi: Terminal, tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7 letter")
    order = tmp_path / "order.json"
    order.write_text(
        json.dumps(
            {
                "case_number": CASE_NUMBER,
                "receiver": "苏0508",
                "items": [{"number": 1, "act": "SITE_CHECK", "scope": "现场"}],
                "attach": ["ENTRUSTMENT_LETTER=letter.pdf"],
            }
        )
    )
    answer = xiezhi.json("find", "--file", str(order), "--days", "3", "--submit")
    assert answer["submitted"]["state"] == "AWAITING_APPROVAL"
    matter = answer["draft"]["receipt"]["instruction_id"]
    shown = xiezhi.json("show", matter)["instruction"]
    assert [document["name"] for document in shown["documents"]] == ["letter.pdf"]
    xiezhi("find", "--file", str(order), "--redraft", matter)
    assert len(xiezhi.json("outbox", "--all")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        ["find", "--act", "偷看"],
        ["find", "--attach", "委托函"],
        ["find", "--attach", "情书=x.pdf"],
        ["report", "1", "--text", "x", "--item", "DONE"],
        ["contact", "1", "--name", "x", "--text", "x", "--at", "昨天"],
        ["sign"],
        ["no-such-command"],
    ],
)
def test_wrong_usage_is_code_2(xiezhi: Terminal, wrong: list[str]) -> None:
    xiezhi(*wrong, code=2)


def test_a_matter_goes_its_way_by_the_number_said_on_the_phone(xiezhi: Terminal, tmp_path: Path) -> None:
    sent(xiezhi)
    matter = ("0591", "1187")
    assert "已签收(待分派)" in xiezhi("sign", *matter).stdout
    assert "待中心确认" in xiezhi("assign", *matter, "--to", "张法官").stdout
    site = tmp_path / "site.jpg"
    site.write_bytes(b"jpeg")
    xiezhi("report", *matter, "--text", "到达现场", "--attach", f"照片={site}")
    outcomes = tmp_path / "outcomes.toml"
    outcomes.write_text(
        '[[outcomes]]\nnumber = 1\noutcome = "DONE"\n[[outcomes.findings]]\nsource = "现场"\n'
        "[outcomes.findings.person]\nseen = true\nseen_at = 2026-01-05T09:30:00+08:00\n"
    )
    xiezhi("complete", *matter, "--text", "已找到", "--outcomes", str(outcomes))
    assert "退回重办" in xiezhi("rework", *matter, "--item", "1=NOT_DONE:请补充笔录", "--text", "补充").stdout
    xiezhi("complete", *matter, "--text", "已补充", "--item", "1=部分办成:OTHER:只见家属")
    shown = xiezhi("show", *matter, "--history").stdout
    assert "部分办成" in shown
    assert "办理轨迹" in shown
    assert "签名记录" in shown
    assert xiezhi.json("confirm", "苏0591委〔2026〕1187号")["state"] == "CONFIRMED"


def test_the_side_paths(xiezhi: Terminal) -> None:
    matter = drafted(xiezhi)
    xiezhi("submit", matter)
    assert "审批退回" in xiezhi("reject", matter, "--opinion", "请补充").stdout
    other = sent(xiezhi)
    xiezhi("sign", other)
    xiezhi("assign", other, "--to", LOGIN)
    xiezhi("handback", other, "--reason", "休假")
    xiezhi(
        "contact", other, "--name", "王", "--phone", "0512", "--text", "说明情况", "--at", "2026-01-05 09:30"
    )
    returning = ["--reason", "DUPLICATE", "--text", "重复", "--contact", "李", "--phone", "0512"]
    xiezhi("return", other, *returning)
    xiezhi("return-refuse", other, "--text", "继续")
    xiezhi("return", other, *returning)
    assert "已退回" in xiezhi("return-approve", other).stdout
    third = sent(xiezhi)
    assert "已撤回" in xiezhi("withdraw", third, "--reason", "已履行").stdout
    assert "当前状态不能" in xiezhi("withdraw", third, "--reason", "已履行", code=1).stderr


def test_an_officer_who_is_not_there_cannot_be_assigned(xiezhi: Terminal) -> None:
    assert "没有这个承办人" in xiezhi("assign", sent(xiezhi), "--to", "无此人", code=1).stderr


def test_papers_go_up_and_come_down(xiezhi: Terminal, tmp_path: Path) -> None:
    letter = tmp_path / "委托函.pdf"
    letter.write_bytes(b"%PDF-1.7 letter")
    matter = drafted(xiezhi, "--attach", f"委托函={letter}")
    xiezhi("attach", matter, "--paper", f"其他材料={letter}", "--text", "补充")
    target = tmp_path / "down"
    target.mkdir()
    xiezhi("download", matter, "--to", str(target))
    assert (target / "委托函.pdf").read_bytes() == letter.read_bytes()
    assert "没有这份文书" in xiezhi("download", matter, "--to", str(target), "--document", "x", code=1).stderr


def test_lists_are_filtered_and_limited(xiezhi: Terminal) -> None:
    for _ in range(3):
        drafted(xiezhi)
    assert len(xiezhi.json("inbox", "--state", "草稿", "--limit", "2")) == 2
    assert xiezhi.json("outbox", "--state", "CONFIRMED") == []
    assert "草稿" in xiezhi("outbox").stdout


def test_lists_are_taken_out_by_the_node_for_a_purpose(xiezhi: Terminal, tmp_path: Path) -> None:
    matters, sheet = [drafted(xiezhi), drafted(xiezhi)], tmp_path / "list.csv"
    assert "--purpose" in xiezhi("outbox", "--export", str(sheet), code=2).stderr
    xiezhi("inbox", "--export", str(tmp_path / "list.doc"), "--purpose", "核对", code=2)
    assert not sheet.exists()
    for box in ("inbox", "outbox"):
        taken = [box, "--export", str(sheet), "--purpose", "核对", "--limit", "1"]
        assert xiezhi.json(*taken)["file"] == str(sheet)
        assert sheet.read_text().splitlines() == [f"{matter},核对,{LIST_FORMAT_CSV}" for matter in matters]
        xiezhi(*taken, "--state", "CONFIRMED")
        assert not sheet.read_text()


def test_a_watch_prints_lines_of_json(xiezhi: Terminal) -> None:
    sent(xiezhi)
    lines = xiezhi("watch", "--after", "0", "--count", "1", "--json").stdout.splitlines()
    assert [json.loads(line)["cursor"] for line in lines] == [1]
    assert "Issued" in xiezhi("watch", "--after", "0", "--count", "1").stdout


def test_a_receipt_is_saved_for_the_verifier_and_for_others(xiezhi: Terminal, tmp_path: Path) -> None:
    matter = sent(xiezhi)
    (event_id,) = events(xiezhi, matter)
    target = tmp_path / "receipts"
    target.mkdir()
    xiezhi("receipt", matter, "--to", str(target))
    assert len(list(target.iterdir())) == 2
    xiezhi("receipt", matter, "--event", event_id, "--to", str(tmp_path))
    whole = GetReceiptResponse.FromString((tmp_path / f"{event_id}.receipt").read_bytes())
    proof = TlogProof.parse((tmp_path / f"{event_id}.tlog-proof").read_bytes())
    assert proof.extra == encode_entry(whole.record.header, whole.record.ruling), "it holds its entry"
    assert replace(proof, extra=None).format() == whole.tlog_proof
    [saved] = xiezhi.json("receipt", matter, "--to", str(tmp_path), "--pdf")
    assert Path(saved["pdf"]).read_bytes() == b"%PDF- of " + event_id.encode()
    assert "没有这个步骤" in xiezhi("receipt", matter, "--event", "unknown", code=1).stderr


def test_the_hubs_list_is_taken_out_for_a_reason(xiezhi: Terminal, tmp_path: Path) -> None:
    matter, target = drafted(xiezhi), tmp_path / "全市事项.csv"
    taken = xiezhi.json("supervise", "export", str(target), "--reason", "每月核对", "--open")
    assert [row["instruction_id"] for row in taken] == [matter]
    assert len(target.read_text(encoding="utf-8-sig").splitlines()) == 2
    again = xiezhi("supervise", "export", str(target), "--reason", "每月核对")
    assert "另有 2 件" in again.stdout + again.stderr
    assert "导出须填写事由" in xiezhi("supervise", "export", str(target), "--reason", "", code=1).stderr
    xiezhi("supervise", "export", str(tmp_path / "x.txt"), "--reason", "每月核对", code=2)


def test_overdue_matters_are_taken_out_for_a_purpose_on_record(xiezhi: Terminal, tmp_path: Path) -> None:
    matters, target = {drafted(xiezhi), drafted(xiezhi)}, tmp_path / "超期.csv"
    refused = xiezhi("supervise", "overdue", "--export", str(target), code=2)
    assert "--purpose" in refused.stderr
    other = str(tmp_path / "超期.doc")
    xiezhi("supervise", "overdue", "--export", other, "--purpose", "每月核对", code=2)
    assert not target.exists()
    take = ["supervise", "overdue", "--export", str(target), "--purpose", "每月核对", "--limit", "1"]
    # What is taken out is the whole of the recorded list; a limit is for the screen.
    assert {row["instruction_id"] for row in xiezhi.json(*take, "--court", "苏0508")} == matters
    assert len(target.read_text(encoding="utf-8-sig").splitlines()) == 3
    book = tmp_path / "超期.xlsx"
    xiezhi("supervise", "overdue", "--export", str(book), "--purpose", "每月核对")
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1][6] == "草稿"
    assert [cell.value for cell in load_workbook(book).active[1]] == rows[0]
    assert xiezhi.json(*take, "--court", "苏0509") == []


def test_courts_supervision_and_accounts(xiezhi: Terminal) -> None:
    assert "基层人民法院" in xiezhi("courts").stdout
    assert len(xiezhi.json("courts", "--joined")) == 1
    assert "办理中 3" in xiezhi("supervise", "overview").stdout
    matter = drafted(xiezhi)
    assert xiezhi.json("supervise", "overdue")[0]["instruction_id"] == matter
    assert "承诺明日签收" in xiezhi("supervise", "calls", "--reason", "核对承诺").stdout
    xiezhi("supervise", "calls", code=2)
    created = ["account", "create", "li", "--name", "李警官", "--role", "执行专员/外勤", "--stdin"]
    xiezhi(*created, text="a long first password\n")
    assert [account["login"] for account in xiezhi.json("account", "list", "--role", "FIELD_OFFICER")] == [
        "li"
    ]
    assert (
        xiezhi.json("account", "token", "li", "--label", "sync", "--role", "系统对接")["token_id"] == "sync"
    )
    assert (
        "找不到该账号" in xiezhi("account", "token", "x", "--label", "y", "--role", "系统对接", code=1).stderr
    )


def test_returned_work_is_listed_and_dismissed(xiezhi: Terminal) -> None:
    assert xiezhi.json("returned", "list") == []
    assert "已从桌面移除" in xiezhi("returned", "dismiss", "event").stdout


def test_every_command_explains_itself_in_chinese() -> None:
    from typer.main import get_command

    root = get_command(app)
    assert "verify" not in root.list_commands(None) or root.get_command(None, "verify")
    for name, command in root.commands.items():
        assert any("一" <= char <= "龥" for char in command.help or ""), name


def test_the_program_as_a_process(xiezhi: Terminal) -> None:
    def run(*args: str, **more: object) -> dict[str, object]:
        # Whoever runs the tests in the background may have it ignored.
        listens = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
        program = ["-c", f"{listens}; from xiezhi_client.cli import main; main()", *args]
        return xiezhi.stage.ask(run=program, env={"XIEZHI_PROFILE": str(xiezhi.profile)}, **more)

    who = run("whoami", "--json")
    assert (who["code"], json.loads(str(who["output"]))["court"]) == (0, "苏0591")
    assert run("show", "unknown")["code"] == 1
    assert run("show")["code"] == 2
    sent(xiezhi)
    stopped = run("watch", "--after", "0", interrupt=True)
    assert stopped["code"] == 130
    assert stopped["errors"] == "已停止\n"
    nowhere = json.loads(xiezhi.profile.read_text()) | {"address": "127.0.0.1:1"}
    xiezhi.profile.write_text(json.dumps(nowhere))
    lost = run("whoami")
    assert lost["code"] == 3
    assert "连接不上服务器" in str(lost["errors"])
    assert "Traceback" not in str(lost["errors"])
