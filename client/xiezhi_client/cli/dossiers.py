"""Cases and the case system: import, dossier, related cases, results on their way back."""

from typing import Annotated

import typer

from xiezhi_client.cli.arguments import parse_pick
from xiezhi_client.cli.changes import Waiting
from xiezhi_client.cli.run import instruction_id, run_of, say_receipt
from xiezhi_client.sdk import (
    ActionReceipt,
    CaseFeedbackStatus,
    Client,
    Document,
    DossierDocument,
    new_instruction_id,
)
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import Action, PaperType

Number = Annotated[str, typer.Argument(metavar="案号")]
Purpose = Annotated[str, typer.Option("--purpose", help="事由，记入访问记录")]


def add_to(app: typer.Typer) -> None:
    """Add these commands to those about cases."""
    app.command("import", help="按案号从办案系统导入案件，不必手工填写")(import_case)
    app.command(help="查看案件的电子卷宗目录；查看会被记录")(dossier)
    app.command(help=f"{Action.IMPORT_FROM_DOSSIER.zh}：勾选的文书成为事项的附件")(attach)
    app.command(help=f"{Action.SHARE_DOSSIER.zh}：事项未结期间供对方法院查阅")(share)
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
