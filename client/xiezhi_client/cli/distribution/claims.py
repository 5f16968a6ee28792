"""What the presiding court does with one claim: it lets it take part or not, pays it, ends its matter."""

from typing import Annotated

import typer

from xiezhi_client.cli.arguments import Matter, Papers, parse_time
from xiezhi_client.cli.distribution.shown import At, Text
from xiezhi_client.cli.run import instruction_id, run_of, say_receipt, take_step
from xiezhi_client.cli.steps import step_with_papers
from xiezhi_client.sdk import Admission, Client
from xiezhi_client.typed.reasons import code_of
from xiezhi_domain.terms import Action

app = typer.Typer()
Reason = Annotated[str, typer.Option("--reason", help="理由，见规则库")]


@app.command(help="准予参与分配；不填 --to 时开始新的参与分配")
def admit(
    ctx: typer.Context,
    matter: Matter,
    amount: Annotated[int, typer.Option("--amount", min=1, help="准予参与的债权数额（分）")],
    debtor: Annotated[str, typer.Option("--debtor", help="被执行人：自然人、其他组织、企业法人")],
    to: Annotated[str, typer.Option("--to", metavar="参与分配标识", help="加入已有的参与分配")] = "",
    rank: Annotated[int, typer.Option("--rank", min=0, help="优先顺位；0 为普通债权")] = 0,
    text: Text = "",
) -> None:
    """Let a claim take part."""
    run = run_of(ctx)

    async def work(client: Client) -> Admission:
        which = await instruction_id(client, matter)
        return await client.distributions.admit(
            which, amount, code_of("debtor", debtor), distribution_id=to, rank=rank, text=text
        )

    admitted = run.online(work)
    run.screen.data(admitted)
    if admitted.receipt is not None:
        say_receipt(run.screen, Action.ADMIT_PARTICIPATION, admitted.receipt)
    run.screen.say(f"参与分配标识：{admitted.distribution_id}，债权序号：{admitted.claim}")


@app.command(help="不予参与分配，说明理由")
def refuse(ctx: typer.Context, matter: Matter, reason: Reason, text: Text) -> None:
    """Do not let a claim take part."""
    code = code_of("participation", reason)
    take_step(
        ctx,
        matter,
        Action.REFUSE_PARTICIPATION,
        lambda client, which: client.distributions.refuse(which, code, text),
    )


@app.command(help="登记向某事项的债权人付款；金额应等于应付金额")
def pay(
    ctx: typer.Context,
    matter: Matter,
    amount: Annotated[int, typer.Option("--amount", min=0, help="付款金额（分）；无可分配款的填 0")],
    at: At,
    text: Text = "",
    attach: Papers = [],  # noqa: B006  typer reads it as "none given"
) -> None:
    """Record a payment."""
    step_with_papers(
        ctx,
        matter,
        Action.PAY_SHARE,
        attach,
        lambda client, which, papers: client.distributions.pay(which, amount, parse_time(at), text, papers),
    )


@app.command(help="终结某事项的参与分配，例如已受理破产申请")
def end(ctx: typer.Context, matter: Matter, reason: Reason, text: Text) -> None:
    """End the distribution in a matter."""
    code = code_of("ended", reason)
    take_step(
        ctx,
        matter,
        Action.END_DISTRIBUTION,
        lambda client, which: client.distributions.end(which, code, text),
    )
