"""Restricting who reads matters that have ended: commands of the superior (the profile names the hub)."""

from typing import Annotated

import typer

from xiezhi_client.cli.arguments import Matter
from xiezhi_client.cli.run import run_of
from xiezhi_client.sdk import Restriction, RestrictionOrder
from xiezhi_domain.court_time import to_ms, to_text

app = typer.Typer(no_args_is_help=True)
Reason = Annotated[str, typer.Option("--reason", help="理由；长期保留，请勿写入姓名、号码")]
Ground = Annotated[str, typer.Option("--ground", help="法律依据")]


@app.command(help="限制查阅：此后各院和中院只有分管院领导能看到该事项，内容不删除")
def order(ctx: typer.Context, matter: Matter, reason: Reason, ground: Ground) -> None:
    """Restrict the reading of a matter."""
    found = _order(ctx, matter, reason, ground, restricted=True)
    run_of(ctx).screen.say(f"已限制查阅：{found.matter_number}，平台日志第 {found.log_index} 项")


@app.command(help="解除限制查阅")
def lift(ctx: typer.Context, matter: Matter, reason: Reason, ground: Ground) -> None:
    """Lift a restriction."""
    found = _order(ctx, matter, reason, ground, restricted=False)
    run_of(ctx).screen.say(f"已解除限制查阅：{found.matter_number}，平台日志第 {found.log_index} 项")


@app.command("list", help="限制查阅的事项（只列编号）")
def list_(
    ctx: typer.Context, lifted_too: Annotated[bool, typer.Option("--lifted", help="已解除的也列出")] = False
) -> None:
    """List the last order about each matter."""
    run = run_of(ctx)
    page = run.online(lambda client: client.restrictions.page(lifted_too=lifted_too))
    run.screen.data(page.restrictions)
    columns = ("事项", "现状", "决定时间", "决定人", "理由", "法律依据")
    run.screen.table("", columns, map(_row, page.restrictions))


def _order(
    ctx: typer.Context, matter: list[str], reason: str, ground: str, *, restricted: bool
) -> Restriction:
    wanted = RestrictionOrder(
        instruction_id=" ".join(matter), restricted=restricted, reason=reason, legal_ground=ground
    )
    run = run_of(ctx)
    found = run.online(lambda client: client.restrictions.order(wanted))
    run.screen.data(found)
    return found


def _row(restriction: Restriction) -> tuple[str, ...]:
    order = restriction.order or RestrictionOrder()
    return (
        restriction.matter_number or order.instruction_id,
        "限制查阅" if order.restricted else "已解除",
        to_text(to_ms(restriction.ordered_at)) if restriction.ordered_at else "",
        order.ordered_by,
        order.reason,
        order.legal_ground,
    )
