"""`xiezhi rulebook`: the rules in words, without any connection; publishing them has one (`rulebook_publishing`)."""

from pathlib import Path
from typing import Annotated, Final

import typer

from xiezhi_client.cli.rulebook_proposing import consent, decline, proposals, propose, withdraw
from xiezhi_client.cli.rulebook_publishing import SHIPPED, publish, published
from xiezhi_client.cli.run import run_of
from xiezhi_client.cli.screen import Screen
from xiezhi_domain.courts import parse_court_code
from xiezhi_domain.rulebook import KindRules, Rulebook, load_rulebook, shipped_rulebook
from xiezhi_domain.rulebook.describe import (
    act_rows,
    bar_rows,
    differences,
    enclosure_rows,
    ground_rows,
    limit_rows,
    move_rows,
    names,
)
from xiezhi_domain.rulebook.document import documents_of, join_documents, read_document, split_documents

app = typer.Typer(no_args_is_help=True)
app.command(help="发布规则库（中院）：先显示差异，确认后发布到辖区各法院")(publish)
app.command(help="列出已发布的规则库")(published)
app.command(help="申报本院的本地要求（各院系统管理员、指挥中心主任）：先显示差异，确认后送中院")(propose)
app.command(help="申报撤回本院现行的本地要求")(withdraw)
app.command(help="列出本地要求的申报及其状态")(proposals)
app.command(help="同意一份申报并发布（中院指挥中心主任）：先显示差异")(consent)
app.command(help="不同意一份申报（中院指挥中心主任），写明理由")(decline)

_ACTS: Final = ("行为", "对象的诉讼地位", "应附文书", "可附文书", "办结应交")
_ENCLOSURES: Final = ("步骤", "由谁进行", "应附文书", "可附文书", "依据")
_MOVES: Final = ("步骤", "由谁进行", "在何状态", "之后状态", "条件", "依据")
_BARS: Final = ("步骤", "为何不得", "依据")
_GROUNDS: Final = ("依据", "适用", "条件", "须写明的日期", "出处")
_LIMITS: Final = ("期间", "长度", "起算", "止于", "停止计算", "计入", "依据")

File = Annotated[
    list[Path] | None,
    typer.Option(
        "--file", exists=True, dir_okay=False, help="规则库文件，可写多个；只写叠加文件的，叠加在随附规则库上"
    ),
]


@app.command(help="显示一类事项的规则：行为和文书、步骤、期限、依据")
def show(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(help="事项类型，如 FIND 或 查人找物")],
    file: File = None,
    sender: Annotated[str, typer.Option("--from", help="发起法院代字，计入其叠加规则")] = "",
    receiver: Annotated[str, typer.Option("--to", help="承接法院代字，计入其叠加规则")] = "",
) -> None:
    """Show the rules of a kind."""
    rulebook = _read(file or [])
    name = _kind(rulebook, kind)
    between = [parse_court_code(court) if court else "" for court in (sender, receiver)]
    screen, rules = run_of(ctx).screen, rulebook.rules(name, *between)
    screen.data(_plain(rulebook, rules))
    _show(screen, rulebook, rules)


@app.command(help="检查规则库文件；有误的，指出文件、行和键")
def check(
    ctx: typer.Context,
    file: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, metavar="文件", help="可写多个")],
) -> None:
    """Check files together, overlays alone upon the shipped rulebook."""
    rulebook = _read(file)
    screen = run_of(ctx).screen
    screen.data({"version": rulebook.version, "hash": rulebook.hash, "kinds": list(rulebook.kinds)})
    screen.say(f"规则库 {rulebook.version} 正确，共 {len(rulebook.kinds)} 类事项，哈希 {rulebook.hash}")


@app.command(help="比较两个规则库；shipped 表示随附规则库")
def diff(
    ctx: typer.Context,
    before: Annotated[str, typer.Argument(metavar="旧文件")],
    after: Annotated[str, typer.Argument(metavar="新文件")],
) -> None:
    """Show what has changed."""
    found = differences(_named(before), _named(after))
    screen = run_of(ctx).screen
    screen.data([dict(zip(("path", "before", "after"), row, strict=True)) for row in found])
    if found:
        screen.table("", ("规则", "原为", "现为"), found)
    else:
        screen.say("两个规则库内容相同")


def _named(name: str) -> Rulebook:
    return shipped_rulebook() if name == SHIPPED else _read([Path(name)])


def _read(files: list[Path]) -> Rulebook:
    """Read files as one rulebook; without a version of their own they are laid over the shipped one."""
    if not files:
        return shipped_rulebook()
    found = [part for file in files for part in documents_of(file.name, file.read_bytes())]
    if not any("version" in read_document(*part) for part in found):
        found = [*split_documents(shipped_rulebook().content), *found]
    return load_rulebook(join_documents(found))


def _kind(rulebook: Rulebook, typed: str) -> str:
    for name, rules in rulebook.kinds.items():
        if typed in (name, rules.name):
            return name
    known = "、".join(f"{rules.name}({name})" for name, rules in rulebook.kinds.items())
    raise typer.BadParameter(f"规则库没有“{typed}”。可写：{known}")


def _show(screen: Screen, rulebook: Rulebook, rules: KindRules) -> None:
    steps = [f"{names(step.roles)}（{names(step.acts) or '各项'}）" for step in rules.approval]
    screen.pairs(
        f"{rules.name}（{rules.kind}）",
        {
            "规则库": f"{rulebook.version}，自 {rulebook.valid_from.isoformat()} 起",
            "编号字": rules.number_word,
            "审批": " → ".join(steps) or "承办人提交后直接核验",
            "渠道": rules.channel.zh,
            "委托范围": _reach(rules),
            "保密": rules.confidential,
            "办理项最多": rules.max_items,
        },
    )
    if rules.acts or rules.papers:
        screen.table("行为和文书", _ACTS, act_rows(rules))
    if rules.grounds:
        screen.table("商请的依据和条件", _GROUNDS, ground_rows(rules))
    screen.table("步骤", _MOVES, move_rows(rules))
    if rules.enclosures:
        screen.table("各步骤随附文书", _ENCLOSURES, enclosure_rows(rules))
    if rules.bars:
        screen.table("不得进行的步骤", _BARS, bar_rows(rules))
    screen.table("期间", _LIMITS, limit_rows(rules))


def _reach(rules: KindRules) -> str:
    """Say between which courts the kind is used."""
    where = "省内外法院" if rules.within_province else "跨省法院（本省规则另有规定的除外）"
    return f"{where}，限同级" if rules.same_level else where


def _plain(rulebook: Rulebook, rules: KindRules) -> dict[str, object]:
    return {
        "kind": rules.kind,
        "name": rules.name,
        "version": rulebook.version,
        "hash": rulebook.hash,
        "moves": [
            {
                "event": move.kind,
                "sides": sorted(move.sides),
                "roles": sorted(move.roles),
                "from": sorted(move.origins),
                "to": move.to or "",
                "source": move.citation.source,
                "confirmed": move.citation.confirmed,
            }
            for move in rules.moves.values()
        ],
        "enclosures": [
            {
                "moves": sorted(each.moves),
                "sides": sorted(each.sides),
                "papers": list(each.papers.papers),
                "optional": each.papers.optional,
                "reason": each.papers.reason,
                "source": each.papers.citation.source,
                "confirmed": each.papers.citation.confirmed,
            }
            for each in rules.enclosures
        ],
        "bars": [
            {
                "event": kind,
                "text": bar.text,
                "source": bar.citation.source,
                "confirmed": bar.citation.confirmed,
            }
            for kind, bar in rules.bars.items()
        ],
        "limits": [
            {
                "name": limit.name,
                "title": limit.title,
                "amount": limit.amount,
                "unit": limit.unit,
                "source": limit.citation.source,
                "confirmed": limit.citation.confirmed,
            }
            for limit in rules.limits.values()
        ],
    }
