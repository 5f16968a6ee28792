"""`xiezhi verify`: checks without any connection, as the library makes them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from xiezhi_client.cli.root import REFUSED
from xiezhi_client.cli.run import run_of
from xiezhi_client.cli.screen import Screen
from xiezhi_client.typed.words import word
from xiezhi_client.verify.contradictions import CONVICTED, Contradiction, contradictions
from xiezhi_client.verify.files import verified_file
from xiezhi_client.verify.misconduct import ShownMisconduct, examined_file, is_record
from xiezhi_client.verify.options import LogKey, Origin, PinsFile, pinned_by
from xiezhi_client.verify.part import words_of
from xiezhi_client.verify.pins import Pins
from xiezhi_client.verify.printed import require_same
from xiezhi_client.verify.receipt import VerifiedReceipt
from xiezhi_domain.court_time import to_datetime, to_text
from xiezhi_domain.errors import DomainError, Reason
from xiezhi_domain.terms import EventKind

app = typer.Typer()

_Result: TypeAlias = VerifiedReceipt | ShownMisconduct | DomainError


@app.command(
    help="离线核验存证回执（.receipt，或内附回执的 .pdf）、单独的证明文件（.tlog-proof）、"
    "单项内容证明（.part）"
    "或日志异常记录（.misconduct），不连接任何服务器；通过退出码 0，不通过 1，用法有误 2"
)
def verify(
    ctx: typer.Context,
    receipts: Annotated[
        list[Path], typer.Argument(metavar="回执文件", exists=True, dir_okay=False, help="可写多个")
    ],
    pins: PinsFile = None,
    origin: Origin = "",
    log_key: LogKey = None,
    code: Annotated[
        str,
        typer.Option(
            "--qr", help="扫描纸质回执二维码所得的文字，核对与这份电子文件是否同一步骤；只能写一个文件"
        ),
    ] = "",
) -> None:
    """Check receipts under what was pinned beforehand; fail if one of them does not hold."""
    pinned = pinned_by(pins, origin, log_key)
    if code and len(receipts) > 1:
        raise typer.BadParameter("核对二维码时请只写一个回执文件", param_hint="--qr")
    screen = run_of(ctx).screen
    results = {path: _verified(path, pinned, code) for path in receipts}
    verified = {path: result for path, result in results.items() if isinstance(result, VerifiedReceipt)}
    found = list(contradictions(verified))
    screen.data([_plain(path, result) | _contradicting(path, found) for path, result in results.items()])
    for path, result in results.items():
        _show(screen, path, result)
    failed = sum(isinstance(result, DomainError) for result in results.values())
    screen.say(f"依据平台日志 {pinned.origin} 的公钥核验 {len(results)} 份，{failed} 份不通过")
    for each in found:
        screen.say(f"互相矛盾：{each.first} 与 {each.second}\n  {each.text}。{CONVICTED}")
    if failed or found:
        raise typer.Exit(REFUSED)


def _verified(path: Path, pinned: Pins, code: str) -> _Result:
    try:
        if is_record(path):
            return examined_file(path, pinned)
        verified = verified_file(path, pinned)
        if code:
            require_same(code, verified)
    except DomainError as error:
        return error
    return verified


def _contradicting(path: Path, found: Sequence[Contradiction]) -> dict[str, Any]:
    pairs = [pair for pair in found if path in pair[:2]]
    others = [str(pair.second if pair.first == path else pair.first) for pair in pairs]
    return {"contradicts": others} if others else {}


def _plain(path: Path, result: _Result) -> dict[str, Any]:
    if isinstance(result, ShownMisconduct):
        return {"file": str(path), **result.plain()}
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
        "court_signed": result.court_signed,
        **result.standing.plain(),
        **({"part": result.part.name, "says": words_of(result.part)} if result.part else {}),
    }


def _show(screen: Screen, path: Path, result: _Result) -> None:
    if isinstance(result, ShownMisconduct):
        screen.say(f"日志异常记录成立：{path}\n  " + "\n  ".join(result.lines()))
        return
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
            "法院签名": "成立" if result.court_signed else "证明文件不含，未核验；请核验 .receipt 回执",
            "事项标识": header.instruction,
            "步骤标识": header.id,
            "法院所称时间": to_text(header.at),
            "平台裁定": ruled,
            "裁定时间": to_text(ruling.at),
            "日志确认": result.standing.words(),
            "平台日志": f"第 {result.log_index} 项（日志长度 {result.checkpoint_size}）",
            **({f"内容 {result.part.name}": words_of(result.part)} if result.part else {}),
        },
    )
