"""All commands together."""

from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.cli import (
    accounts,
    cases,
    changes,
    deadlines,
    delegating,
    disposal,
    dossiers,
    drafting,
    entrusting,
    erasing,
    escalating,
    fieldwork,
    handover,
    importing,
    matters,
    notifications,
    ordering,
    queries,
    receipts,
    receiving,
    restricting,
    returned,
    rulebook,
    sending,
    session,
    superior,
    supervise,
    talking,
    urging,
    watching,
)
from xiezhi_client.cli.books import channels, export, outside, trial
from xiezhi_client.cli.distribution import command as distribution
from xiezhi_client.cli.figures import bulletins, ledger
from xiezhi_client.cli.figures import show as figures
from xiezhi_client.cli.papers import letter, seals, template
from xiezhi_client.cli.people import (
    account_log,
    identities,
    leave,
    passwords,
    roster,
    second_factor,
    staff,
    tokens,
)
from xiezhi_client.cli.profile import PROFILE_VARIABLE, default_path
from xiezhi_client.cli.remedies import both, receiver, sender
from xiezhi_client.cli.root import Root
from xiezhi_client.cli.run import Run
from xiezhi_client.cli.screen import Screen

app = typer.Typer(
    cls=Root,
    help="协执：法院间执行协作。--json、--profile 与 --code 可以写在命令的任何位置。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
# Commands that stand alone, in the order of a matter's life.
for part in (
    session.app,
    passwords.app,
    drafting.app,
    importing.app,
    sending.app,
    receiving.app,
    talking.app,
    sender.app,
    receiver.app,
    both.app,
    matters.app,
    deadlines.app,
    watching.app,
    returned.app,
    receipts.app,
):
    app.add_typer(part)
dossiers.add_to(cases.app)
changes.add_to(cases.app)
app.add_typer(entrusting.app, name="entrust", help="事项委托、协助执行")
app.add_typer(delegating.app, name="delegate", help="委托执行(全案)：起草、立案、销案、退回")
app.add_typer(cases.app, name="case", help="案件")
app.add_typer(handover.app, name="handover", help="处置权移交：商请、答复、报请、移送、处置、分配、告知")
app.add_typer(disposal.decide, name="decide", help="中院：处置权移交争议的决定")
app.add_typer(restricting.app, name="restrict", help="中院：限制或恢复查阅已办结的事项")
app.add_typer(erasing.app, name="erase", help="中院：责令清除已办结事项的内容，查看各持有方是否已清除")
app.add_typer(distribution.app, name="distribution", help="参与分配：申请、方案、异议、提存、付款")
app.add_typer(queries.app, name="query", help="登记查询：一键查询各登记机构，登记机构办理查封等，布控命中")
app.add_typer(fieldwork.app, name="field", help="批量现场查控：外勤任务单")
app.add_typer(letter.app, name="letter", help="生成文书")
app.add_typer(template.app, name="template", help="文书模板")
app.add_typer(seals.app, name="paper", help="缺少的文书、电子签章及其核验")
app.add_typer(rulebook.app, name="rulebook", help="规则库：查看、检查、比较、发布")
app.add_typer(figures.app, name="figures", help="统计指标")
app.add_typer(bulletins.app, name="bulletin", help="统计通报、数据异议")
app.add_typer(ledger.app, name="ledger", help="台账与交办单")
supervise.app.add_typer(escalating.app)
app.add_typer(supervise.app, name="supervise", help="中院：辖区法院的办理情况")
app.add_typer(superior.app, name="superior", help="中院：改派、转办，处理异议、争议和投诉，暂停和恢复")
app.add_typer(ordering.app, name="order", help="上级法院的决定：拟稿、下发、跟踪、归结；下级法院报告、报请")
app.add_typer(urging.app, name="urge", help="督办：中院拟稿、下发、办结；被督办法院回复")
passwords.add_to(accounts.app)
identities.add_to(accounts.app)
tokens.add_to(accounts.app)
account_log.add_to(accounts.app)
second_factor.add_to(accounts.app)
app.add_typer(accounts.app, name="account", help="本院账号与接口令牌")
app.add_typer(second_factor.app, name="second-factor", help="动态口令：绑定、查看、解除")
app.add_typer(staff.app, name="staff", help="本院人员名单")
app.add_typer(roster.app, name="roster", help="值班表")
app.add_typer(notifications.app, name="notifications", help="短信、邮件和接口推送")
app.add_typer(leave.app, name="leave", help="请假、代理与移交")
app.add_typer(outside.app, name="outside", help="其他渠道事项的台账登记")
app.add_typer(channels.app, name="channel", help="事项应走的渠道")
app.add_typer(trial.app, name="trial", help="试运行")
app.add_typer(export.app, name="export", help="导出")


@app.callback()
def start(
    ctx: typer.Context,
    profile: Annotated[
        Path | None,
        typer.Option("--profile", envvar=PROFILE_VARIABLE, help="登录配置文件", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，供程序读取")] = False,
    code: Annotated[
        str, typer.Option("--code", help="动态口令或恢复码，登录、审批、签章要求时使用", show_default=False)
    ] = "",
) -> None:
    """Take the common options."""
    ctx.obj = Run(profile or default_path(), Screen(as_json=as_json), code)
