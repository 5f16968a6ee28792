"""`xiezhi-verify`: the checks alone, for a machine that holds `xiezhi[verify]` and nothing else of Xiezhi.

Whoever distrusts both courts and hub installs no more than he has to. `xiezhi verify` and `xiezhi audit` do the same.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from xiezhi_client.verify.audit import EXIT_CODES, Audit, run_audit
from xiezhi_client.verify.contradictions import CONVICTED, contradictions
from xiezhi_client.verify.figures import FiguresAudit, recount_figures
from xiezhi_client.verify.files import verified_file
from xiezhi_client.verify.log_sources import Identity
from xiezhi_client.verify.misconduct import examined_file, is_record
from xiezhi_client.verify.pins import Pins
from xiezhi_client.verify.printed import require_same
from xiezhi_client.verify.receipt import VerifiedReceipt
from xiezhi_client.verify.recount import Question
from xiezhi_domain.errors import DomainError
from xiezhi_domain.indicators import Period

USAGE: Final = 2
REFUSED: Final = 1


def main(words: Sequence[str] | None = None) -> None:
    """Run the program; leaves by `SystemExit`."""
    given = _parser().parse_args(words)
    try:
        code = _COMMANDS[given.command](given)
    except DomainError as error:
        print(f"未完成：{error.message}", file=sys.stderr)  # noqa: T201  for people
        code = USAGE
    except OSError as error:
        print(f"读写文件失败：{error.filename or ''} {error.strerror}", file=sys.stderr)  # noqa: T201  likewise
        code = USAGE
    raise SystemExit(code)


def _audit(given: argparse.Namespace) -> int:
    identity = Identity(given.ca, given.certificate, given.key)
    result = run_audit(Audit(given.copy, _pins(given), given.against, given.since, identity))
    shown = [json.dumps(result.plain(), ensure_ascii=False, indent=2)] if given.json else result.lines()
    print("\n".join(shown))  # noqa: T201  what was asked for
    return EXIT_CODES[result.verdict]


def _verify(given: argparse.Namespace) -> int:
    pins, failed = _pins(given), False
    verified: dict[Path, VerifiedReceipt] = {}
    for path in given.receipts:
        try:
            if is_record(path):
                shown = "\n  ".join(examined_file(path, pins).lines())
                print(f"日志异常记录成立：{path}\n  {shown}")  # noqa: T201  what was asked for
                continue
            result = verified_file(path, pins)
            if given.qr:
                require_same(given.qr, result)
        except DomainError as error:
            failed = True
            print(f"核验不通过：{path}：{error.message}")  # noqa: T201  what was asked for
            continue
        verified[path] = result
        court = result.header.sender
        signed = f"{court} 的签名成立" if result.court_signed else f"{court} 的签名不在证明文件中，未核验"
        print(f"核验通过：{path}：平台日志第 {result.log_index} 项；{signed}；{result.standing.words()}")  # noqa: T201  likewise
    for each in contradictions(verified):
        failed = True
        print(f"互相矛盾：{each.first} 与 {each.second}：{each.text}。{CONVICTED}")  # noqa: T201  likewise
    return REFUSED if failed else 0


def _figures(given: argparse.Namespace) -> int:
    identity = Identity(given.ca, given.certificate, given.key)
    period = Period(given.first, given.last)
    question = Question(period, given.court, given.log_size)
    result = recount_figures(
        FiguresAudit(given.copy, _pins(given), question, given.journal, given.against, identity)
    )
    shown = [json.dumps(result.plain(), ensure_ascii=False, indent=2)] if given.json else result.lines()
    print("\n".join(shown))  # noqa: T201  what was asked for
    return EXIT_CODES[result.verdict]


_COMMANDS: Final = {"audit": _audit, "verify": _verify, "figures": _figures}


def _pins(given: argparse.Namespace) -> Pins:
    return Pins.load(given.pins) if given.pins else Pins(given.origin, tuple(given.log_key))


def _parser() -> argparse.ArgumentParser:
    pinned = argparse.ArgumentParser(add_help=False)
    pinned.add_argument(
        "--pins",
        type=Path,
        help="事先留存的 JSON 文件，写明 origin 和 log_vkey（或 log_vkeys），"
        "以及见证方 witnesses 和门槛 witnesses_needed",
    )
    pinned.add_argument("--origin", default="", help="不用文件时：平台日志名称")
    pinned.add_argument("--log-key", action="append", default=[], help="不用文件时：平台日志公钥，可写多次")
    parser = argparse.ArgumentParser(prog="xiezhi-verify", description="协执：核验存证回执和平台日志")
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser(
        "verify", parents=[pinned], help="核验 .receipt 和 .pdf 回执、.tlog-proof 证明文件"
    )
    verify.add_argument("receipts", nargs="+", type=Path, metavar="文件")
    verify.add_argument("--qr", default="", help="扫描纸质回执二维码所得的文字，核对与电子文件是否同一步骤")
    audit = commands.add_parser("audit", parents=[pinned], help="核对日志全文，比对两份副本")
    audit.add_argument("copy", metavar="副本", help="日志文件夹、https 地址或 SQLite 日志库")
    audit.add_argument("--against", default="", help="另一份副本")
    audit.add_argument("--since", action="append", default=[], type=Path, help="以前留存的检查点")
    figures = commands.add_parser("figures", parents=[pinned], help="由日志全文重算统计指标，与平台所示比对")
    _add_figures(figures)
    for command in (audit, figures):
        command.add_argument("--json", action="store_true", help="输出 JSON")
        for option, help_ in (
            ("--ca", "签发机构证书"),
            ("--certificate", "本院节点的证书"),
            ("--key", "私钥"),
        ):
            command.add_argument(option, type=Path, help=f"https：{help_}")
    return parser


def _add_figures(figures: argparse.ArgumentParser) -> None:
    figures.add_argument("copy", metavar="副本", help="日志文件夹或 https 地址")
    day = date.fromisoformat
    figures.add_argument(
        "--first", type=day, required=True, metavar="日期", help="统计期间首日，如 2026-11-01"
    )
    figures.add_argument("--last", type=day, required=True, metavar="日期", help="统计期间末日")
    figures.add_argument("--court", action="append", default=[], metavar="代字", help="法院，可写多次")
    figures.add_argument("--log-size", type=int, default=0, metavar="N", help="按日志前 N 项统计")
    figures.add_argument("--against", type=Path, metavar="文件", help="xiezhi figures show --json 所存的文件")
    figures.add_argument(
        "--journal", type=Path, metavar="文件", help="节点的 SQLite 日志库，用其中平台发布的规则库和日历"
    )
