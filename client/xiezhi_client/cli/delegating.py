"""委托执行(全案): drafting, looking, and the steps of both courts."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.cli.arguments import Matter, Papers, Text, read_file, read_rows
from xiezhi_client.cli.delegated_case import show_case
from xiezhi_client.cli.drafts import Attached, draft_with_papers, read_order_file
from xiezhi_client.cli.remedies.options import Why
from xiezhi_client.cli.run import instruction_id, run_of
from xiezhi_client.cli.steps import step_with_papers
from xiezhi_client.sdk import (
    ActionReceipt,
    CaseAccount,
    CaseDelegationDraft,
    CaseDelegationOrder,
    CaseFiling,
    Client,
    DatedDocument,
    Document,
    Instruction,
    Officer,
    Property,
    SeizureRenewal,
)
from xiezhi_client.sdk.services.case_delegation import CaseDelegation
from xiezhi_client.typed.money import parse_yuan, yuan
from xiezhi_client.typed.papers import Paper
from xiezhi_client.typed.reasons import code_of
from xiezhi_domain.terms import Action, CourtLevel

app = typer.Typer(no_args_is_help=True)

Number = Annotated[str, typer.Option("--number", help="文号")]
Dated = Annotated[str, typer.Option("--dated", help="文书日期，如 2026-11-22")]
Listed = Annotated[Path, typer.Option("--file", exists=True, dir_okay=False, help="清单文件（JSON 或 TOML）")]


@dataclass(frozen=True, slots=True)
class _Step:
    """A step to be taken: on which matter, what it is called, with which papers."""

    ctx: typer.Context
    matter: list[str]
    action: Action
    attach: Sequence[str] = ()

    def take(
        self, step: Callable[[CaseDelegation, str, tuple[Document, ...]], Awaitable[ActionReceipt]]
    ) -> None:
        """Upload the papers, take the step, print its receipt."""
        step_with_papers(
            self.ctx,
            self.matter,
            self.action,
            self.attach,
            lambda client, which, papers: step(client.case_delegation, which, papers),
        )


@app.command(help="起草委托执行（--file 文件写明双方财产、查封和余额），文书一并上传；--submit 同时送审")
def draft(
    ctx: typer.Context,
    file: Annotated[
        Path, typer.Option("--file", exists=True, dir_okay=False, help="事项文件（JSON 或 TOML）")
    ],
    to: Annotated[str, typer.Option("--to", help="受托法院代字；不填用文件中的")] = "",
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
    redraft: Annotated[str, typer.Option("--redraft", metavar="事项", help="重新起草已有的草稿")] = "",
    submit: Annotated[bool, typer.Option("--submit", help="起草后立即送审")] = False,
) -> None:
    """Draft the delegation of a case."""
    values, listed = read_order_file(file)
    order = CaseDelegationOrder.from_plain(values)
    order = replace(order, receiver=to) if to else order
    run, papers = run_of(ctx), Attached([Paper.parse(each) for each in attach] + listed, [])
    drafted = draft_with_papers(run, order, papers, redraft, submit=submit)
    if isinstance(drafted, CaseDelegationDraft):
        run.screen.say(f"未执行到位的余额：{yuan(drafted.balance_fen)} 元")


@app.command(help="查看委托执行案件：现由哪个法院办理、移交的查封、各项文书和日期")
def show(
    ctx: typer.Context,
    matter: Matter,
    purpose: Annotated[str, typer.Option("--purpose", help="查看事由")] = "",
) -> None:
    """Show what became of a delegated case."""

    async def work(client: Client) -> tuple[CaseDelegationOrder, Instruction, CaseAccount]:
        which = await instruction_id(client, matter)
        return await client.case_delegation.get(which, purpose=purpose)

    run = run_of(ctx)
    order, _, account = run.online(work)
    run.screen.data({"order": order, "account": account})
    show_case(run.screen, order, account)


@app.command("file-case", help="受托立案并发送立案通知书；申请标的为原案余额")
def file_case(
    ctx: typer.Context,
    matter: Matter,
    case: Annotated[str, typer.Option("--case", help="新立案件的案号")],
    day: Annotated[str, typer.Option("--on", help="立案日期")],
    officer: Annotated[str, typer.Option("--officer", help="承办人姓名")],
    phone: Annotated[str, typer.Option("--phone", help="承办人电话")],
    text: Text = "",
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """File the case."""
    filing = CaseFiling(case_number=case, filed_on=day, officer=Officer(name=officer, phone=phone))
    step = _Step(ctx, matter, Action.FILE_CASE, attach)
    step.take(lambda cases, which, papers: cases.file_case(which, filing, papers, text))


@app.command("cancel-case", help="收到立案通知书后登记原案销案")
def cancel_case(
    ctx: typer.Context,
    matter: Matter,
    day: Annotated[str, typer.Option("--on", help="销案日期")],
    text: Text = "",
) -> None:
    """Record the end of the sender's case."""
    step = _Step(ctx, matter, Action.CANCEL_CASE)
    step.take(lambda cases, which, papers: cases.record_cancellation(which, day, text, papers))


@app.command("tell-applicant", help="登记已告知申请执行人")
def tell_applicant(
    ctx: typer.Context,
    matter: Matter,
    text: Why,
    day: Annotated[str, typer.Option("--on", help="告知日期")],
) -> None:
    """Record that the applicant was told."""
    step = _Step(ctx, matter, Action.TELL_APPLICANT)
    step.take(lambda cases, which, papers: cases.tell_applicant(which, day, text, papers))


@app.command("explain", help="在补办期限内书面说明未能补办的原因")
def explain(ctx: typer.Context, matter: Matter, text: Why) -> None:
    """Explain why papers cannot be supplied."""
    step = _Step(ctx, matter, Action.EXPLAIN_SUPPLEMENT)
    step.take(lambda cases, which, papers: cases.explain_supplement(which, text, papers))


@app.command("return-materials", help="期满既未补办又未说明的，视为撤回，退还材料")
def return_materials(ctx: typer.Context, matter: Matter, text: Why) -> None:
    """Give the materials back."""
    step = _Step(ctx, matter, Action.RETURN_MATERIALS)
    step.take(lambda cases, which, papers: cases.return_materials(which, text, papers))


@app.command("apply-return", help=f"{Action.APPLY_FOR_RETURN.zh}，报{CourtLevel.HIGH.zh}审批")
def apply_return(
    ctx: typer.Context,
    matter: Matter,
    reason: Annotated[str, typer.Option("--reason", help="规则库中的退回原因，中文或代码")],
    text: Why,
    number: Number,
    dated: Dated,
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Apply to the High Court for a return."""
    code, application = code_of("return", reason), DatedDocument(number=number, dated_on=dated)
    step = _Step(ctx, matter, Action.APPLY_FOR_RETURN, attach)
    step.take(lambda cases, which, papers: cases.apply_for_return(which, code, text, application, papers))


@app.command("return-decision", help=f"登记{CourtLevel.HIGH.zh}的审批意见；--permitted 为同意退回")
def return_decision(
    ctx: typer.Context,
    matter: Matter,
    number: Number,
    dated: Dated,
    permitted: Annotated[bool, typer.Option("--permitted/--denied", help="同意或不同意退回")],
    text: Text = "",
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Record what the High Court decided."""
    decision = DatedDocument(number=number, dated_on=dated)
    step = _Step(ctx, matter, Action.RECORD_RETURN_DECISION, attach)
    step.take(
        lambda cases, which, papers: cases.record_return_decision(
            which, decision, papers, text, permitted=permitted
        )
    )


@app.command("return-case", help="经批准后退回委托案件；已立案的填写受托案件销案日期")
def return_case(
    ctx: typer.Context,
    matter: Matter,
    text: Why,
    cancelled: Annotated[str, typer.Option("--cancelled-on", help="受托案件销案日期")] = "",
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Return the case."""
    step = _Step(ctx, matter, Action.RETURN_CASE, attach)
    step.take(lambda cases, which, papers: cases.return_case(which, text, papers, cancelled))


@app.command("revoke", help="委托不当被退回的，撤销委托、恢复执行")
def revoke(ctx: typer.Context, matter: Matter, text: Why, number: Number, dated: Dated) -> None:
    """Revoke an improper delegation."""
    decision = DatedDocument(number=number, dated_on=dated)
    step = _Step(ctx, matter, Action.REVOKE_DELEGATION)
    step.take(lambda cases, which, papers: cases.revoke(which, decision, text, papers))


@app.command("report", help=f"登记向本辖区{CourtLevel.HIGH.zh}的备案报告")
def report(ctx: typer.Context, matter: Matter, number: Number, dated: Dated, text: Text = "") -> None:
    """Record a report to the own High Court."""
    document = DatedDocument(number=number, dated_on=dated)
    step = _Step(ctx, matter, Action.REPORT_FOR_RECORD)
    step.take(lambda cases, which, papers: cases.report_for_record(which, document, text, papers))


@app.command("tell-property", help="告知受托法院新发现的财产（--file 的 properties 列表）")
def tell_property(ctx: typer.Context, matter: Matter, file: Listed, text: Why) -> None:
    """Tell the receiver of property."""
    found = read_rows(Property.from_plain, read_file(file), "properties")
    step = _Step(ctx, matter, Action.TELL_PROPERTY)
    step.take(lambda cases, which, papers: cases.tell_property(which, found, text, papers))


@app.command("property-elsewhere", help="登记第三地财产及办理方式（--file 的 properties 列表）")
def property_elsewhere(
    ctx: typer.Context,
    matter: Matter,
    file: Listed,
    text: Why,
    handling: Annotated[str, typer.Option("--handling", help="直接异地执行等，中文或代码")],
) -> None:
    """Record property in a third area."""
    found, code = (
        read_rows(Property.from_plain, read_file(file), "properties"),
        code_of("elsewhere", handling),
    )
    step = _Step(ctx, matter, Action.NOTE_PROPERTY_ELSEWHERE)
    step.take(lambda cases, which, papers: cases.note_property_elsewhere(which, code, found, text, papers))


@app.command("continue-seizures", help="登记对移交查封的续行查封（--file 的 renewals 列表），顺位不变")
def continue_seizures(ctx: typer.Context, matter: Matter, file: Listed, text: Text = "") -> None:
    """Record renewals of seizures handed over."""
    renewals = read_rows(SeizureRenewal.from_plain, read_file(file), "renewals")
    step = _Step(ctx, matter, Action.RENEW_SEIZURES)
    step.take(lambda cases, which, papers: cases.continue_seizures(which, renewals, text, papers))


@app.command("close-case", help="报告受托案件的结案结果")
def close_case(
    ctx: typer.Context,
    matter: Matter,
    closing: Annotated[str, typer.Option("--as", help="结案方式，如 执行完毕，中文或代码")],
    day: Annotated[str, typer.Option("--on", help="结案日期")],
    text: Why,
    recovered: Annotated[str, typer.Option("--recovered", help="执行到位金额（元）")] = "0",
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Report the end of the case."""
    code, fen = code_of("closing", closing), parse_yuan(recovered)
    step = _Step(ctx, matter, Action.CLOSE_CASE, attach)
    step.take(lambda cases, which, papers: cases.close_case(which, code, day, text, papers, fen))


@app.command("ask-higher", help="六个月未执结的，转交申请执行人向上一级法院的申请")
def ask_higher(
    ctx: typer.Context,
    matter: Matter,
    wanted: Annotated[str, typer.Option("--wanted", help="提级执行或指定执行，中文或代码")],
    court: Annotated[str, typer.Option("--court", help="受托法院的上一级法院代字")],
    day: Annotated[str, typer.Option("--on", help="申请日期")],
    text: Why,
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Pass the applicant's request on."""
    code = code_of("wanted", wanted)
    step = _Step(ctx, matter, Action.ASK_HIGHER_COURT, attach)
    step.take(lambda cases, which, papers: cases.ask_higher_court(which, code, court, day, text, papers))


@app.command("higher-answer", help="登记上一级法院的处理")
def higher_answer(
    ctx: typer.Context,
    matter: Matter,
    answer: Annotated[str, typer.Option("--answer", help="责令限期执行等，中文或代码")],
    number: Number,
    dated: Dated,
    text: Text = "",
) -> None:
    """Record what the higher court decided."""
    code, decision = code_of("answer", answer), DatedDocument(number=number, dated_on=dated)
    step = _Step(ctx, matter, Action.RECORD_HIGHER_ANSWER)
    step.take(lambda cases, which, papers: cases.record_higher_answer(which, code, decision, text, papers))
