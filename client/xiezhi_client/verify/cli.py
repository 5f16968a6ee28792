"""`xiezhi verify` and `xiezhi audit`: checks without any connection, as the library makes them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from xiezhi_client.cli.root import REFUSED
from xiezhi_client.cli.run import run_of
from xiezhi_client.cli.screen import Screen
from xiezhi_client.sdk.records.event import EventRecord
from xiezhi_client.typed.words import word
from xiezhi_client.verify.copies import Difference, accepted_of, compare_copies
from xiezhi_client.verify.files import read_copy, read_receipt
from xiezhi_client.verify.pins import Pins
from xiezhi_client.verify.receipt import VerifiedReceipt, verify_receipt
from xiezhi_domain.court_time import to_datetime, to_text
from xiezhi_domain.errors import DomainError, FormatError, Reason
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.terms import EventKind

app = typer.Typer()

PinsFile = Annotated[
    Path | None,
    typer.Option(
        "--pins",
        exists=True,
        dir_okay=False,
        envvar="XIEZHI_PINS",
        help="事先留存的 JSON 文件，写明 origin 和 log_vkey；本院节点数据目录的 endpoints.json 即是",
    ),
]
Origin = Annotated[str, typer.Option("--origin", help="不用文件时：平台日志名称，如 hub.su05.example/xiezhi")]
LogKey = Annotated[str, typer.Option("--log-key", help="不用文件时：平台日志公钥，形如 名称+标识+公钥")]


@app.command(help="离线核验存证回执，不连接任何服务器；通过退出码 0，不通过 1，用法有误 2")
def verify(
    ctx: typer.Context,
    receipts: Annotated[
        list[Path], typer.Argument(metavar="回执文件", exists=True, dir_okay=False, help="可写多个")
    ],
    pins: PinsFile = None,
    origin: Origin = "",
    log_key: LogKey = "",
) -> None:
    """Check receipts under what was pinned beforehand; fail if one of them does not hold."""
    pinned = _pinned(pins, origin, log_key)
    screen = run_of(ctx).screen
    results = {path: _verified(path, pinned) for path in receipts}
    screen.data([_plain(path, result) for path, result in results.items()])
    for path, result in results.items():
        _show(screen, path, result)
    failed = sum(isinstance(result, DomainError) for result in results.values())
    screen.say(f"依据平台日志 {pinned.origin} 的公钥核验 {len(results)} 份，{failed} 份不通过")
    if failed:
        raise typer.Exit(REFUSED)


@app.command(help="比对两个法院所存同一事项的签名记录；一致退出码 0，不一致或无法比对 1，用法有误 2")
def audit(
    ctx: typer.Context,
    copy: Annotated[
        Path,
        typer.Argument(
            metavar="记录文件", exists=True, dir_okay=False, help="xiezhi show 事项 --history --json 所存"
        ),
    ],
    against: Annotated[
        Path, typer.Option("--against", exists=True, dir_okay=False, help="另一法院所存的记录文件")
    ],
) -> None:
    """Say where two copies of a matter's accepted history differ, or do not chain."""
    if copy.samefile(against):
        raise typer.BadParameter("与记录文件是同一个文件", param_hint="--against")
    copies = {str(path): read_copy(path) for path in (copy, against)}
    _require_one_matter(copies)
    differences = compare_copies(copies)
    _show_comparison(run_of(ctx).screen, len(accepted_of(copies[str(copy)])), differences)
    if differences:
        raise typer.Exit(REFUSED)


def _pinned(path: Path | None, origin: str, log_key: str) -> Pins:
    """Return what the user pinned, in one of the two forms."""
    if (path is None) == (not (origin or log_key)):
        raise typer.BadParameter("请写明 --pins 文件，或同时写明 --origin 和 --log-key", param_hint="--pins")
    try:
        return Pins(origin, log_key) if path is None else Pins.load(path)
    except FormatError as error:
        raise typer.BadParameter(
            error.message, param_hint="--log-key" if path is None else "--pins"
        ) from None


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


def _verified(path: Path, pinned: Pins) -> VerifiedReceipt | DomainError:
    try:
        return verify_receipt(read_receipt(path), pinned.origin, pinned.log_vkey)
    except DomainError as error:
        return error


def _plain(path: Path, result: VerifiedReceipt | DomainError) -> dict[str, Any]:
    if isinstance(result, DomainError):
        error = {"reason": str(result.reason), "message": result.message}
        return {"file": str(path), "verified": False, "error": error}
    header, ruling = result.header, result.ruling
    return {
        "file": str(path),
        "verified": True,
        "event_id": header.id,
        "instruction_id": header.instruction,
        "kind": header.kind,
        "court": header.sender,
        "to": header.to,
        "claimed_at": to_datetime(header.at).isoformat(),
        "accepted": ruling.accepted,
        "reason": ruling.reason,
        "sequence": ruling.seq,
        "ruled_at": to_datetime(ruling.at).isoformat(),
        "log_index": result.log_index,
        "checkpoint_size": result.checkpoint_size,
    }


def _show(screen: Screen, path: Path, result: VerifiedReceipt | DomainError) -> None:
    if isinstance(result, DomainError):
        screen.say(f"核验不通过：{path}\n  {result.message}")
        return
    header, ruling = result.header, result.ruling
    ruled = (
        f"受理，为该事项第 {ruling.seq} 步" if ruling.accepted else f"不受理：{word(Reason, ruling.reason)}"
    )
    screen.say(f"核验通过：{path}")
    screen.pairs(
        "",
        {
            "步骤": word(EventKind, header.kind),
            "签署法院": header.sender,
            "事项标识": header.instruction,
            "步骤标识": header.id,
            "法院所称时间": to_text(header.at),
            "平台裁定": ruled,
            "裁定时间": to_text(ruling.at),
            "平台日志": f"第 {result.log_index} 项（日志长度 {result.checkpoint_size}）",
        },
    )
