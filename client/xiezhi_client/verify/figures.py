"""`xiezhi-verify figures`: figures counted again from a whole log, and held against those that the hub shows."""

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from xiezhi_client.verify.findings import Finding, Verdict, tampered, worst
from xiezhi_client.verify.journal_copy import read_published
from xiezhi_client.verify.log_audit import AuditedCopy, audit_log
from xiezhi_client.verify.log_sources import FolderLog, HttpLog, Identity
from xiezhi_client.verify.pins import Pins
from xiezhi_client.verify.recount import LogHistory, Numbers, Published, Question, Recount
from xiezhi_domain.errors import FormatError
from xiezhi_domain.indicators.figures import FigureKey
from xiezhi_domain.plain_values import read_json
from xiezhi_domain.terms import Channel, Indicator, Variant

_WORDS: Final = {Verdict.CHECKED: "核对通过", Verdict.NOT_PROVEN: "未能证明", Verdict.TAMPERED: "不一致"}


@dataclass(frozen=True, slots=True)
class FiguresAudit:
    """What is asked: a folder or https address, what to count, a journal for what no log holds, figures to compare."""

    copy: str
    pins: Pins
    question: Question
    journal: Path | None = None
    against: Path | None = None
    identity: Identity = field(default_factory=Identity)


@dataclass(frozen=True, slots=True)
class FiguresResult:
    """The log as it was audited, the figures, and where those of the hub differ."""

    copy: AuditedCopy
    recount: Recount
    between: tuple[Finding, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that is not as it should be."""
        return (*self.copy.findings, *self.recount.findings, *self.between)

    @property
    def verdict(self) -> Verdict:
        """What it is worth together."""
        return worst(self.findings)

    def plain(self) -> dict[str, Any]:
        """Return it for programs."""
        bulletin = self.recount.bulletin
        return {
            "verdict": self.verdict.name,
            "log_size": bulletin.log_size,
            "period": [bulletin.period.first.isoformat(), bulletin.period.last.isoformat()],
            "figures": [_plain(key, *numbers) for key, numbers in self.recount.numbers.items()],
            "findings": [{"verdict": each.verdict.name, "text": each.text} for each in self.findings],
        }

    def lines(self) -> list[str]:
        """Return it for people: figures that count anything, then what is not proven."""
        period = self.recount.bulletin.period
        head = f"{period.first} 至 {period.last}，日志前 {self.recount.bulletin.log_size} 项"
        shown = [_line(key, *numbers) for key, numbers in self.recount.numbers.items() if numbers != (0, 0)]
        told = [f"  {_WORDS[each.verdict]}：{each.text}" for each in self.findings]
        return [head, *shown, *told, f"结论：{_WORDS[self.verdict]}"]


def recount_figures(audit: FiguresAudit) -> FiguresResult:
    """Audit the log, count its figures, and hold them against the hub's.

    :raises FormatError: something that is asked for cannot be read.
    :raises OSError: a file cannot be read.
    """
    shown = _read_figures(audit.against) if audit.against else None
    published = Published.of(*read_published(audit.journal)) if audit.journal else Published.of()
    question = audit.question
    if shown is not None:
        courts = question.courts or {key.court for key in shown[1] if key.court}
        question = Question(question.period, courts, question.size or shown[0])
    history = LogHistory()
    copy = _audited(audit, history)
    recount = history.count(question, published)
    # What was not counted differs from nothing.
    between = _differences(recount.numbers, shown[1]) if shown and not recount.findings else ()
    return FiguresResult(copy, recount, tuple(between))


def _audited(audit: FiguresAudit, history: LogHistory) -> AuditedCopy:
    trusted = audit.pins.trusted
    if audit.copy.startswith("https:"):
        with closing(HttpLog(audit.copy, trusted.origin, audit.identity)) as served:
            return audit_log(served, trusted, take=history.take)
    if not Path(audit.copy).is_dir():
        raise FormatError(f"{audit.copy} 既不是日志文件夹，也不是 https 地址：统计须有日志全文")
    return audit_log(FolderLog(Path(audit.copy)), trusted, take=history.take)


def _differences(counted: Numbers, shown: Numbers) -> list[Finding]:
    return [
        tampered(f"{_name(key)}：日志算得 {_of(counted.get(key))}，平台所示 {_of(numbers)}")
        for key, numbers in shown.items()
        if counted.get(key, (0, 0)) != numbers
    ]


def _read_figures(path: Path) -> tuple[int, dict[FigureKey, tuple[int, int]]]:
    """Return the size of the log and the figures that ``xiezhi figures show --json`` printed."""
    try:
        values = read_json(path.read_bytes())
        figures = {_key(each): _numbers(each["numbers"]) for each in values["figures"]}
        return int(values["log_size"]), figures
    except (ValueError, LookupError, TypeError, AttributeError):
        raise FormatError(f"{path} 不是 xiezhi figures show --json 所存的文件") from None


def _key(figure: Any) -> FigureKey:
    return FigureKey(
        Indicator(figure["indicator"]),
        Variant(figure["variant"]),
        str(figure["court"]),
        Channel(figure["channel"]),
    )


def _numbers(numbers: Any) -> tuple[int, int]:
    return int(numbers["numerator"]), int(numbers["denominator"])


def _plain(key: FigureKey, numerator: int, denominator: int) -> dict[str, Any]:
    return {
        "indicator": key.indicator.name,
        "variant": key.variant.name,
        "court": key.court,
        "channel": key.channel.name,
        "numbers": {"numerator": numerator, "denominator": denominator},
    }


def _line(key: FigureKey, numerator: int, denominator: int) -> str:
    return f"  {_name(key)}：{_of((numerator, denominator))}"


def _name(key: FigureKey) -> str:
    return f"{key.court or '合计'} {key.indicator.zh}（{key.variant.zh}，{key.channel.zh}）"


def _of(numbers: tuple[int, int] | None) -> str:
    return f"{numbers[0]}/{numbers[1]}" if numbers else "无"
