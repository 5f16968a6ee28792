"""`xiezhi rulebook publish | published`: the rules of all courts of a hub, whose profile publishing needs."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from xiezhi_client.cli.run import run_of
from xiezhi_client.cli.screen import Screen
from xiezhi_client.sdk import PublishedRulebook, RulebookChange, RulebookDocument
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_domain.rulebook.document import documents_of, split_documents

SHIPPED: Final = "shipped"
_COLUMNS: Final = ("版本", "生效日期", "发布时间", "现行", "哈希")

Files = Annotated[
    list[str],
    typer.Argument(metavar="文件", help="规则库文件或本院、本省的叠加文件，可写多个；shipped 表示随附规则库"),
]


def publish(
    ctx: typer.Context,
    files: Files,
    valid_from: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], metavar="日期", help="自该日起用于新事项")
    ],
    version: Annotated[str, typer.Option("--version", help="版本号；不写则自动编号")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只显示差异，不发布")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问")] = False,
) -> None:
    """Tell what the files change in the rulebook published last, ask, and publish."""
    run = run_of(ctx)
    documents, day = _read(files), valid_from.date()
    change = run.online(
        lambda client: client.directory.publish_rulebook(documents, day, version=version, dry_run=True)
    )
    _show(run.screen, change)
    if dry_run:
        run.screen.data(change)
        return
    if not yes:
        typer.confirm("发布以上规则库？", abort=True, err=True)
    done = run.online(
        lambda client: client.directory.publish_rulebook(documents, day, version=version, seen=change.newest)
    )
    run.screen.data(done)
    rulebook = done.rulebook or PublishedRulebook()
    run.screen.say(
        f"已发布规则库 {rulebook.version}，自 {rulebook.valid_from} 起用于新事项；日志事件 {rulebook.event_id}"
    )


def published(ctx: typer.Context) -> None:
    """List what was published."""
    run = run_of(ctx)
    found = run.online(lambda client: client.directory.rulebooks())
    run.screen.data(found)
    rows = [
        (each.version, each.valid_from, each.published_at, "现行" if each.in_force else "", each.hash)
        for each in found
    ]
    run.screen.table("", _COLUMNS, rows)


def _read(files: list[str]) -> list[RulebookDocument]:
    found = [part for file in files for part in _documents(file)]
    return [RulebookDocument(name=name, content=text) for name, text in found]


def _documents(file: str) -> list[tuple[str, str]]:
    if file == SHIPPED:
        return split_documents(shipped_rulebook().content)
    path = Path(file)
    try:
        return documents_of(path.name, path.read_bytes())
    except OSError as error:
        raise typer.BadParameter(f"文件 {file} 无法读取：{error.strerror}") from error


def _show(screen: Screen, change: RulebookChange) -> None:
    rulebook = change.rulebook or PublishedRulebook()
    rows = [(each.path, each.before, each.after) for each in change.differences]
    screen.table(
        f"规则库 {rulebook.version}（自 {rulebook.valid_from} 起）的变动", ("规则", "原为", "现为"), rows
    )
    if change.more_differences:
        screen.say(f"另有 {change.more_differences} 处变动未列出")
