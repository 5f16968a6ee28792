"""`xiezhi audit`: copies of the log, or of one matter's history, checked and held against each other."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from xiezhi_client.cli.root import REFUSED
from xiezhi_client.cli.run import run_of
from xiezhi_client.cli.screen import Screen
from xiezhi_client.sdk.records.event import EventRecord
from xiezhi_client.verify.audit import EXIT_CODES, Audit, is_log, run_audit
from xiezhi_client.verify.copies import Difference, accepted_of, compare_copies
from xiezhi_client.verify.files import read_copy
from xiezhi_client.verify.log_sources import Identity
from xiezhi_client.verify.options import LogKey, Origin, PinsFile, pinned_by
from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.header import decode_header

app = typer.Typer()

Against = Annotated[str, typer.Option("--against", help="另一份副本")]
Since = Annotated[
    list[Path] | None,
    typer.Option(
        "--since", exists=True, dir_okay=False, help="以前留存的检查点，日志须由它增加而来；可写多个"
    ),
]
Authority = Annotated[
    Path | None, typer.Option("--ca", exists=True, dir_okay=False, help="https：枢纽的签发机构证书")
]
Certificate = Annotated[
    Path | None, typer.Option("--certificate", exists=True, dir_okay=False, help="https：本院节点的证书")
]
Key = Annotated[Path | None, typer.Option("--key", exists=True, dir_okay=False, help="https：本院节点的私钥")]


@app.command(
    help="核对平台日志全文，或者比对两份副本：核对通过退出码 0，有改动 1，用法有误 2，未能证明 4。"
    "副本可以是 xiezhi-hub export 导出的文件夹、平台日志的 https 地址、节点或枢纽的 SQLite 日志库；"
    "xiezhi show 事项 --history --json 所存的记录须两份比对"
)
def audit(
    ctx: typer.Context,
    copy: Annotated[str, typer.Argument(metavar="副本", help="文件夹、https 地址、日志库或记录文件")],
    against: Against = "",
    since: Since = None,
    pins: PinsFile = None,
    origin: Origin = "",
    log_key: LogKey = None,
    ca: Authority = None,
    certificate: Certificate = None,
    key: Key = None,
) -> None:
    """Check copies, and say in words where they differ and what that proves."""
    screen = run_of(ctx).screen
    if not is_log(copy):
        _compare_histories(screen, copy, against)
        return
    identity = Identity(ca, certificate, key)
    result = run_audit(Audit(copy, pinned_by(pins, origin, log_key), against, since or (), identity))
    screen.data(result.plain())
    for line in result.lines():
        screen.say(line)
    if code := EXIT_CODES[result.verdict]:
        raise typer.Exit(code)


def _compare_histories(screen: Screen, copy: str, against: str) -> None:
    """Say where two copies of a matter's accepted history differ, or do not chain."""
    paths = [_file(copy, "副本"), _file(against, "--against")]
    if paths[0].samefile(paths[1]):
        raise typer.BadParameter("与记录文件是同一个文件", param_hint="--against")
    copies = {str(path): read_copy(path) for path in paths}
    _require_one_matter(copies)
    differences = compare_copies(copies)
    _show_comparison(screen, len(accepted_of(copies[copy])), differences)
    if differences:
        raise typer.Exit(REFUSED)


def _file(text: str, option: str) -> Path:
    if not text or not Path(text).is_file():
        raise typer.BadParameter("请写明一个存在的记录文件，或者日志的文件夹、地址", param_hint=option)
    return Path(text)


def _require_one_matter(copies: Mapping[str, Sequence[EventRecord]]) -> None:
    """Refuse copies that cannot agree or that say nothing."""
    matters = {decode_header(record.header).instruction for records in copies.values() for record in records}
    if len(matters) != 1:
        raise FormatError("两份记录不是同一事项的，请核对文件")
    if not any(accepted_of(records) for records in copies.values()):
        raise FormatError("两份记录中都没有平台已受理的步骤，无从比对")


def _show_comparison(screen: Screen, count: int, differences: Sequence[Difference]) -> None:
    found = [{"holder": each.holder, "text": each.text} for each in differences]
    screen.data({"equal": not found, "accepted": count, "differences": found})
    if differences:
        screen.table("", ("文件", "不一致之处"), [(each.holder, each.text) for each in differences])
    else:
        screen.say(f"一致：已受理的 {count} 项逐字节相同，序号连续、首尾相接。")
    screen.say("比对不验证签名；签名和日志位置请用 xiezhi verify 核验存证回执。")
