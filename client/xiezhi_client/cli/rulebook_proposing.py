"""`xiezhi rulebook propose | withdraw | proposals | consent | decline`: the rules of one court (本地要求).

A court proposes them at its node; the intermediate court consents at the hub, where that is needed.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from xiezhi_client.cli.run import Run, run_of
from xiezhi_client.sdk import (
    Client,
    DecidedChange,
    ProposedChange,
    ProposedRules,
    RulebookDifference,
    RulebookDocument,
)
from xiezhi_client.typed.words import word
from xiezhi_domain.terms import OwnRulesState

_COLUMNS: Final = ("申报编号", "法院", "文件", "生效日期", "状态", "须中院同意", "规则库", "理由")
_KEYS: Final = {
    "papers": "所需文书",
    "feedback": "办结应交文书",
    "limits": "期限",
    "approval": "审批",
    "channel": "渠道",
    "valid_from": "生效日期",
}
Day = Annotated[
    datetime, typer.Option("--from", formats=["%Y-%m-%d"], metavar="日期", help="希望自该日起用于新事项")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只显示差异，不申报")]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问")]
Proposal = Annotated[str, typer.Argument(metavar="申报编号", help="见 xiezhi rulebook proposals")]


def propose(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, metavar="文件")],
    valid_from: Day,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Tell what the court's file changes, ask, and propose it."""
    document = RulebookDocument(name=file.name, content=file.read_text(encoding="utf-8-sig"))
    _propose(run_of(ctx), document, valid_from, dry_run=dry_run, yes=yes)


def withdraw(ctx: typer.Context, valid_from: Day, dry_run: DryRun = False, yes: Yes = False) -> None:
    """Propose that the court has no rules of its own any more."""
    _propose(run_of(ctx), RulebookDocument(), valid_from, dry_run=dry_run, yes=yes)


def proposals(ctx: typer.Context) -> None:
    """List proposals."""
    run = run_of(ctx)

    async def work(client: Client) -> list[ProposedRules]:
        return [each async for each in client.own_rules.proposed()]

    found = run.online(work)
    run.screen.data(found)
    run.screen.table("", _COLUMNS, [_row(each) for each in found])


def consent(
    ctx: typer.Context,
    proposal: Proposal,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只显示差异，不处理")] = False,
    yes: Yes = False,
) -> None:
    """Tell what a proposal changes, ask, and publish it."""
    run = run_of(ctx)
    told = run.online(lambda client: client.own_rules.decide(proposal, consent=True, dry_run=True))
    _show(run, told)
    if dry_run:
        run.screen.data(told)
        return
    if not yes:
        typer.confirm("同意并发布？", abort=True, err=True)
    done = run.online(lambda client: client.own_rules.decide(proposal, consent=True, seen=told.newest))
    run.screen.data(done)
    _say(run, done.proposal)


def decline(
    ctx: typer.Context,
    proposal: Proposal,
    reason: Annotated[str, typer.Option("--reason", help="不同意的理由，申报法院可见")],
) -> None:
    """Refuse a proposal."""
    run = run_of(ctx)
    done = run.online(lambda client: client.own_rules.decide(proposal, consent=False, reason=reason))
    run.screen.data(done)
    _say(run, done.proposal)


def _propose(run: Run, document: RulebookDocument, day: datetime, *, dry_run: bool, yes: bool) -> None:
    told = run.online(lambda client: client.own_rules.propose(document, day.date(), dry_run=True))
    _show(run, told)
    if dry_run:
        run.screen.data(told)
        return
    if not yes:
        typer.confirm("向中院申报？", abort=True, err=True)
    done = run.online(lambda client: client.own_rules.propose(document, day.date()))
    run.screen.data(done)
    _say(run, done.proposal)


def _show(run: Run, change: ProposedChange | DecidedChange) -> None:
    proposal = change.proposal or ProposedRules()
    rows = [_difference(each) for each in change.differences]
    run.screen.table(
        f"{proposal.court} 本地要求（自 {proposal.valid_from} 起）的变动", ("规则", "原为", "现为"), rows
    )
    if change.more_differences:
        run.screen.say(f"另有 {change.more_differences} 处变动未列出")
    if proposal.consent:
        run.screen.say(f"涉及其他法院，须中院同意：{_consent(proposal)}")


def _difference(each: RulebookDifference) -> tuple[str, str, str]:
    return each.path, each.before, each.after


def _say(run: Run, proposal: ProposedRules | None) -> None:
    proposal = proposal or ProposedRules()
    state = word(OwnRulesState, proposal.state)
    where = f"，规则库 {proposal.version}，自 {proposal.valid_from} 起用于新事项" if proposal.version else ""
    run.screen.say(f"申报 {proposal.proposal_id}：{state}{where}")


def _row(each: ProposedRules) -> tuple[str, ...]:
    name = each.document.name if each.document is not None and each.document.content else "（撤回本地要求）"
    state = word(OwnRulesState, each.state)
    return (
        each.proposal_id,
        each.court,
        name,
        each.valid_from,
        state,
        _consent(each),
        each.version,
        each.reason,
    )


def _consent(proposal: ProposedRules) -> str:
    return "、".join(_KEYS.get(key, key) for key in proposal.consent)
