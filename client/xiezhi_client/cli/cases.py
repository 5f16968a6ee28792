"""Cases."""

from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.cli.arguments import read_file
from xiezhi_client.cli.run import run_of
from xiezhi_client.sdk import Case, Officer, Subject
from xiezhi_client.typed.money import yuan
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import SubjectRole

app = typer.Typer(no_args_is_help=True)


@app.command(help="登记或更新案件，文件为 JSON 或 TOML")
def put(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="文件")],
) -> None:
    """Store a case, or replace it."""
    run = run_of(ctx)
    case = Case.from_plain(read_file(file))
    stored = run.online(lambda client: client.cases.put(case))
    run.screen.data(stored)
    run.screen.say(f"已登记案件 {stored.case_number}")
    for warning in stored.warnings:
        run.screen.say(f"请注意：{warning}")


@app.command(help="查看案件；查看会被记录")
def show(
    ctx: typer.Context,
    number: Annotated[str, typer.Argument(metavar="案号")],
    unmask: Annotated[bool, typer.Option("--unmask", help="显示完整号码，须说明用途")] = False,
    purpose: Annotated[str, typer.Option("--purpose", help="查看用途，记入访问记录")] = "",
) -> None:
    """Show a case with its subjects."""
    run = run_of(ctx)
    case = run.online(lambda client: client.cases.get(number, unmask=unmask, purpose=purpose))
    run.screen.data(case)
    run.screen.pairs(
        case.case_number,
        {
            "法院": case.court,
            "案由": case.cause,
            "案件阶段": case.stage,
            "执行依据文号": case.enforceable_document,
            "申请标的": _yuan(case.claimed_fen),
            "已到位": _yuan(case.received_fen),
            "尚欠": _yuan(case.outstanding_fen),
            "法官": _officer(case.judge),
            "书记员": _officer(case.clerk),
            "指挥中心电话": case.centre_phone,
        },
    )
    run.screen.table(
        "事项对象", ("序号", "诉讼地位", "名称", "证件号码", "电话"), map(_subject, case.subjects)
    )


def _yuan(fen: int) -> str:
    return f"{yuan(fen)} 元" if fen else ""


def _officer(officer: Officer | None) -> str:
    return f"{officer.name} {officer.phone}".strip() if officer else ""


def _subject(subject: Subject) -> tuple[object, ...]:
    party = subject.person or subject.organisation
    number = subject.person.identity_number if subject.person else ""
    if subject.organisation:
        number = subject.organisation.credit_code
    phones = "、".join(party.phones) if party else ""
    return subject.number, word(SubjectRole, subject.role), party.name if party else "", number, phones
