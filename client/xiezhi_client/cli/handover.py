"""处置权移交: commands of the two courts."""

from pathlib import Path
from typing import Annotated, Any

import typer

from xiezhi_client.cli.arguments import Matter, Papers, read_file, read_rows
from xiezhi_client.cli.drafts import Attached, draft_with_papers, read_order_file
from xiezhi_client.cli.register import show_record
from xiezhi_client.cli.run import run_of, take_step
from xiezhi_client.cli.steps import step_with_papers
from xiezhi_client.sdk import (
    ActionReceipt,
    ClaimShare,
    Client,
    FirstClaim,
    HandoverOrder,
    HandoverRecord,
    HandoverSeizure,
)
from xiezhi_client.typed.reasons import code_of
from xiezhi_domain.terms import Action

app = typer.Typer(no_args_is_help=True)
Text = Annotated[str, typer.Option("--text", help=Action.EXPLAIN.zh)]
Needed = Annotated[str, typer.Option("--text", help="理由或说明（必填）")]
File = Annotated[
    Path, typer.Option("--file", exists=True, dir_okay=False, help="内容文件（JSON 或 TOML），字段见使用手册")
]
On = Annotated[str, typer.Option("--on", help="日期，例如 2026-11-22")]


@app.command(help="起草商请移送（--file 文件，文书写在 attach 列表）；--submit 同时送审")
def draft(
    ctx: typer.Context,
    file: File,
    redraft: Annotated[str, typer.Option("--redraft", metavar="事项", help="重新起草已有的草稿")] = "",
    submit: Annotated[bool, typer.Option("--submit", help="起草后立即送审")] = False,
) -> None:
    """Draft a request, upload its papers, and hand it in if asked."""
    values, papers = read_order_file(file)
    order = HandoverOrder.from_plain(values)
    draft_with_papers(run_of(ctx), order, Attached(papers, []), redraft, submit=submit)


@app.command(help="查看：财产查封登记簿、顺位、款项、到达证明；查看会留痕")
def show(ctx: typer.Context, matter: Matter) -> None:
    """Show a handover."""
    run = run_of(ctx)
    found = run.online(lambda client: client.handovers.get(" ".join(matter)))
    run.screen.data(found)
    show_record(run, found.record or HandoverRecord())


@app.command(help="首封法院：同意移送")
def agree(ctx: typer.Context, matter: Matter, text: Text = "") -> None:
    """Agree."""
    take_step(
        ctx, matter, Action.AGREE_HANDOVER, lambda client, which: client.handovers.agree(which, text=text)
    )


@app.command(help="首封法院：不同意移送，须选择理由")
def refuse(
    ctx: typer.Context,
    matter: Matter,
    text: Needed,
    reason: Annotated[str, typer.Option("--reason", help="理由，如 已发布拍卖公告或者已进入变卖程序")],
) -> None:
    """Do not agree."""
    code = code_of("refusal", reason)
    take_step(
        ctx,
        matter,
        Action.REFUSE_HANDOVER,
        lambda client, which: client.handovers.refuse(which, code, text=text),
    )


@app.command("report-up", help="商请法院：首封法院不同意，或者逾期未答复的，报请共同上级；附到达证明")
def report_up(ctx: typer.Context, matter: Matter, text: Needed) -> None:
    """Report to the superior."""
    take_step(
        ctx, matter, Action.ESCALATE, lambda client, which: client.handovers.report_up(which, text=text)
    )


@app.command(
    "hand-over", help="首封法院：移送（--file 写首封债权 first_claim 和全部查封 seizures；附移送执行函）"
)
def hand_over(ctx: typer.Context, matter: Matter, file: File, attach: Papers, text: Text = "") -> None:
    """Hand over."""
    values = read_file(file)
    claim = FirstClaim.from_plain(values.get("first_claim", {}), "first_claim")
    seizures = read_rows(HandoverSeizure.from_plain, values, "seizures")
    step_with_papers(
        ctx,
        matter,
        Action.HAND_OVER,
        attach,
        lambda client, which, papers: client.handovers.hand_over(
            which, claim, seizures, text=text, documents=papers
        ),
    )


@app.command(help="登记新查明的查封（--file 写 seizures 列表）")
def seizures(ctx: typer.Context, matter: Matter, file: File, text: Text = "") -> None:
    """Add seizures."""
    stated = read_rows(HandoverSeizure.from_plain, read_file(file), "seizures")
    take_step(
        ctx,
        matter,
        Action.STATE_SEIZURES,
        lambda client, which: client.handovers.state_seizures(which, stated, text=text),
    )


Seizure = Annotated[int, typer.Option("--seizure", min=1, help="登记簿中的查封序号")]


@app.command(help="登记续封：须在到期前办理")
def renew(
    ctx: typer.Context,
    matter: Matter,
    seizure: Seizure,
    on: On,
    until: Annotated[str, typer.Option("--until", help="续封后的到期日")],
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Enter a renewal."""
    step_with_papers(
        ctx,
        matter,
        Action.RENEW_SEIZURE,
        attach,
        lambda client, which, papers: client.handovers.renew_seizure(
            which, seizure, on, until, documents=papers
        ),
    )


@app.command(help="登记解封：后面的轮候查封顺位上升")
def lift(
    ctx: typer.Context,
    matter: Matter,
    seizure: Seizure,
    on: On,
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Enter a release."""
    step_with_papers(
        ctx,
        matter,
        Action.LIFT_SEIZURE,
        attach,
        lambda client, which, papers: client.handovers.lift_seizure(which, seizure, on, documents=papers),
    )


@app.command("tell-parties", help="记录已告知当事人")
def tell_parties(ctx: typer.Context, matter: Matter, on: On, text: Needed) -> None:
    """Record that the parties were told."""
    take_step(
        ctx,
        matter,
        Action.TELL_PARTIES,
        lambda client, which: client.handovers.tell_parties(which, on, text=text),
    )


@app.command(help="商请法院：报告变更登记")
def registry(
    ctx: typer.Context,
    matter: Matter,
    on: On,
    text: Text = "",
    attach: Papers = [],  # noqa: B006  likewise
) -> None:
    """Report the formalities of the register."""
    step_with_papers(
        ctx,
        matter,
        Action.CHANGE_REGISTRY,
        attach,
        lambda client, which, papers: client.handovers.report_registry(
            which, on, text=text, documents=papers
        ),
    )


@app.command(help="报告处置结果；--own 为首封法院在上级限期内处置完毕")
def disposed(
    ctx: typer.Context,
    matter: Matter,
    how: Annotated[str, typer.Option("--how", help="方式：网络司法拍卖、变卖、以物抵债")],
    fen: Annotated[int, typer.Option("--fen", min=0, help="处置价款，单位：分")],
    on: On,
    text: Text = "",
    own: Annotated[bool, typer.Option("--own", help="首封法院处置")] = False,
) -> None:
    """Report a disposal."""
    code = code_of("disposal", how)

    async def step(client: Client, which: str) -> ActionReceipt:
        handovers = client.handovers
        report = handovers.report_own_disposal if own else handovers.report_disposal
        return await report(which, code, fen, on, text=text)

    take_step(ctx, matter, Action.REPORT_OWN_DISPOSAL if own else Action.REPORT_DISPOSAL, step)


@app.command(
    help="分配处置款（--file 写 disposed_fen、costs_fen、shares、reserved_fen、remainder_fen，单位：分）"
)
def distribute(ctx: typer.Context, matter: Matter, file: File, on: On, text: Text = "") -> None:
    """Distribute."""
    values = read_file(file)
    shares = read_rows(ClaimShare.from_plain, values, "shares")
    sums: dict[str, Any] = {name: value for name, value in values.items() if name.endswith("_fen")}
    take_step(
        ctx,
        matter,
        Action.DISTRIBUTE,
        lambda client, which: client.handovers.distribute(which, shares, on, text=text, **sums),
    )


@app.command("release-reserve", help="处理预留份额：须有确认首封债权的文书")
def release_reserve(
    ctx: typer.Context,
    matter: Matter,
    released: Annotated[int, typer.Option("--released-fen", min=0, help="发放给首封债权，单位：分")],
    returned: Annotated[
        int, typer.Option("--returned-fen", min=0, help="退回其他债权人或被执行人，单位：分")
    ],
    on: On,
    text: Needed,
) -> None:
    """End the reserve."""
    take_step(
        ctx,
        matter,
        Action.RELEASE_RESERVE,
        lambda client, which: client.handovers.release_reserve(which, released, returned, on, text=text),
    )


@app.command("tell-first", help="将处置和分配结果告知首封法院，事项归结")
def tell_first(
    ctx: typer.Context,
    matter: Matter,
    on: On,
    parties_on: Annotated[str, typer.Option("--parties-on", help="告知当事人的日期")],
    text: Needed,
) -> None:
    """Tell the first court."""
    take_step(
        ctx,
        matter,
        Action.TELL_FIRST_COURT,
        lambda client, which: client.handovers.tell_first_court(which, on, parties_on, text=text),
    )
