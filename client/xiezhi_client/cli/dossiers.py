"""Cases and the case system: import, dossier, changes, related cases, results on their way back."""

from typing import Annotated, cast

import typer

from xiezhi_client.cli.arguments import parse_pick
from xiezhi_client.cli.remedies.options import code_of
from xiezhi_client.cli.run import instruction_id, run_of, say_receipt
from xiezhi_client.cli.words import identifier, word
from xiezhi_client.sdk import (
    ActionReceipt,
    CaseFeedbackStatus,
    Client,
    ConcernedInstruction,
    Document,
    DossierDocument,
    ListedCaseChange,
    NotFound,
    new_instruction_id,
)
from xiezhi_client.sdk.vocabulary import CaseChoice as ChoiceName
from xiezhi_client.sdk.vocabulary import CaseStatusChange as StatusName
from xiezhi_domain.terms import Action, CaseChoice, CaseStatusChange, Mark, PaperType, State

Number = Annotated[str, typer.Argument(metavar="案号")]
Purpose = Annotated[str, typer.Option("--purpose", help="事由，记入访问记录")]
Waiting = Annotated[bool, typer.Option("--waiting", help="只看尚待处理的")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to those about cases."""
    app.command("import", help="按案号从办案系统导入案件，不必手工填写")(import_case)
    app.command(help="查看案件的电子卷宗目录；查看会被记录")(dossier)
    app.command(help=f"{Action.IMPORT_FROM_DOSSIER.zh}：勾选的文书成为事项的附件")(attach)
    app.command(help=f"{Action.SHARE_DOSSIER.zh}：事项未结期间供对方法院查阅")(share)
    app.command(help="案件状态变更及其涉及的事项")(changes)
    app.command(help="对变更涉及的一个事项选择如何处理")(choose)
    app.command(help="查找其他法院的关联案件；只显示法院、案号和联系人，每次查找均留痕")(related)
    app.command(help="办理结果写回办案系统的情况")(feedback)


def import_case(ctx: typer.Context, number: Number) -> None:
    """Take a case from the case system."""
    run = run_of(ctx)
    imported = run.online(lambda client: client.dossiers.import_case(number))
    run.screen.data(imported)
    if imported.case_file is not None:
        subjects = len(imported.case_file.subjects)
        run.screen.say(f"已导入案件 {imported.case_file.case_number}，当事人和其他对象 {subjects} 个")
    for warning in imported.warnings:
        run.screen.say(f"请注意：{warning}")


def dossier(ctx: typer.Context, number: Number, purpose: Purpose = "") -> None:
    """List the papers of a dossier."""
    run = run_of(ctx)

    async def work(client: Client) -> list[DossierDocument]:
        return [each async for each in client.dossiers.list(number, purpose=purpose, page_size=500)]

    papers = run.online(work)
    run.screen.data(papers)
    columns = ("卷宗文书", "类型", "名称", "目录", "日期", "大小（字节）")
    rows = [
        (each.document_id, word(PaperType, each.paper_type), each.name, each.catalogue, each.dated, each.size)
        for each in papers
    ]
    run.screen.table("", columns, rows)


def attach(
    ctx: typer.Context,
    number: Number,
    papers: Annotated[list[str], typer.Argument(metavar="[类型=]卷宗文书", help="卷宗目录中的文书；可多个")],
    matter: Annotated[str, typer.Option("--matter", help="事项；不填则用于新的事项")] = "",
) -> None:
    """Fetch ticked papers into a matter."""
    run = run_of(ctx)
    picks = [parse_pick(paper) for paper in papers]

    async def work(client: Client) -> tuple[str, tuple[Document, ...]]:
        which = await instruction_id(client, [matter]) if matter else new_instruction_id()
        return which, await client.dossiers.attach(which, number, picks)

    which, documents = run.online(work)
    run.screen.data({"instruction_id": which, "documents": documents})
    run.screen.say(f"{Action.IMPORT_FROM_DOSSIER.zh} {len(documents)} 份，事项标识 {which}")
    rows = [(each.name, word(PaperType, each.paper_type), each.sha256) for each in documents]
    run.screen.table("", ("名称", "类型", "校验值"), rows)


def share(
    ctx: typer.Context,
    matter: Annotated[str, typer.Argument(metavar="事项")],
    sha256s: Annotated[list[str], typer.Argument(metavar="校验值", help="已引入文书的校验值；可多个")],
    text: Annotated[str, typer.Option("--text", help="文字说明")] = "",
) -> None:
    """Let the other court read papers."""
    run = run_of(ctx)

    async def work(client: Client) -> ActionReceipt:
        return await client.dossiers.share(await instruction_id(client, [matter]), sha256s, text)

    receipt = run.online(work)
    run.screen.data(receipt)
    say_receipt(run.screen, Action.SHARE_DOSSIER, receipt)


def changes(ctx: typer.Context, waiting: Waiting = False) -> None:
    """List changes of cases."""
    run = run_of(ctx)

    async def work(client: Client) -> list[ListedCaseChange]:
        return [each async for each in client.dossiers.changes(undecided_only=waiting)]

    found = run.online(work)
    run.screen.data(found)
    columns = ("变更标识", "案号", "变更", "时间", "事项", "事项状态", "处理", "期限", Mark.OVERDUE.zh)
    run.screen.table("", columns, [row for each in found for row in _change_rows(each)])


def choose(
    ctx: typer.Context,
    change: Annotated[str, typer.Argument(metavar="变更标识")],
    matter: Annotated[str, typer.Argument(metavar="事项")],
    choice: Annotated[str, typer.Argument(metavar="处理", help="、".join(each.zh for each in CaseChoice))],
    reason: Annotated[str, typer.Option("--reason", help="理由；结案后继续办理的必填")] = "",
    tell: Annotated[bool, typer.Option("--tell", help="同时告知受托法院，并按所选处理")] = False,
    because: Annotated[
        str, typer.Option("--because", help="告知停止、暂停的，填规则库中的原因，如 案件已结案")
    ] = "",
) -> None:
    """Choose for one matter, and tell the other court if asked to."""
    run = run_of(ctx)
    chosen = cast(ChoiceName, identifier(CaseChoice, choice))
    table = "stop" if chosen == CaseChoice.STOP else "suspension"

    async def work(client: Client) -> tuple[ConcernedInstruction, ActionReceipt | None]:
        which = await instruction_id(client, [matter])
        concerned = await client.dossiers.choose(change, which, chosen, reason)
        if not tell:
            return concerned, None
        status = await _status_of(client, change)
        receipt = await client.instructions.change_case_status(
            which, status, chosen, code_of(table, because), reason
        )
        return concerned, receipt

    concerned, receipt = run.online(work)
    run.screen.data(concerned)
    name = word(CaseChoice, concerned.choice)
    if receipt is not None:
        say_receipt(run.screen, Action.CHANGE_CASE_STATUS, receipt)
    else:
        run.screen.say(f"已记录：{name}。请用 --tell 或 xiezhi case-status 告知受托法院")


async def _status_of(client: Client, change_id: str) -> StatusName:
    """What became of the case, by the change's id. Raise `NotFound`."""
    async for listed in client.dossiers.changes():
        if listed.change is not None and listed.change.change_id == change_id:
            return listed.change.change
    raise NotFound("UNKNOWN_CASE", "没有这条案件变更，请核对变更标识")


def related(
    ctx: typer.Context,
    number: Number,
    purpose: Annotated[str, typer.Option("--purpose", help="事由；中院留存备查")],
) -> None:
    """Find cases of other courts."""
    run = run_of(ctx)
    found = run.online(lambda client: client.dossiers.related(number, purpose))
    run.screen.data(found)
    rows = [
        (
            each.court,
            each.case_number,
            *((each.contact.name, each.contact.phone) if each.contact else ("", "")),
        )
        for each in found
    ]
    run.screen.table("", ("法院", "案号", "联系人", "电话"), rows)
    if not found:
        run.screen.say("没有找到其他法院的关联案件")


def feedback(ctx: typer.Context, waiting: Waiting = False) -> None:
    """List results on their way back."""
    run = run_of(ctx)

    async def work(client: Client) -> list[CaseFeedbackStatus]:
        return [each async for each in client.dossiers.feedback(waiting_only=waiting)]

    found = run.online(work)
    run.screen.data(found)
    rows = [
        (each.case_number, each.instruction_id, each.sent_at, each.failures, each.problem) for each in found
    ]
    run.screen.table("", ("案号", "事项标识", "写回时间", "失败次数", "最近一次失败"), rows)


def _change_rows(listed: ListedCaseChange) -> list[tuple[object, ...]]:
    change = listed.change
    assert change is not None, "the contract always says it"
    head = (change.change_id, change.case_number, word(CaseStatusChange, change.change), change.happened_at)
    return [(*head, *_concerned(each)) for each in listed.instructions] or [(*head, "", "", "", None, "")]


def _concerned(each: ConcernedInstruction) -> tuple[object, ...]:
    matter = each.instruction
    number, state = (matter.matter_number, word(State, matter.state)) if matter else ("", "")
    return number, state, word(CaseChoice, each.choice), each.due_at, each.overdue
