"""One audit as it is asked for at the command line: one copy of a log, or two against each other."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xiezhi_client.verify.findings import Finding, Verdict, not_proven, worst
from xiezhi_client.verify.journal_copy import audit_journal, court_of, is_journal
from xiezhi_client.verify.log_audit import AuditedCopy, Take, audit_log
from xiezhi_client.verify.log_compare import compare_logs
from xiezhi_client.verify.log_sources import FolderLog, HttpLog, Identity
from xiezhi_client.verify.log_tree import open_checkpoint
from xiezhi_client.verify.pins import Pins
from xiezhi_client.verify.withheld import EntriesOfCourt
from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.note import MAX_NOTE_BYTES
from xiezhi_domain.evidence.standing import Standing
from xiezhi_domain.evidence.witness import WitnessPolicy

EXIT_CODES = {Verdict.CHECKED: 0, Verdict.TAMPERED: 1, Verdict.NOT_PROVEN: 4}
"""2 is wrong usage and 3 a server that was not reached, as everywhere at the command line."""

_WORDS = {
    Verdict.CHECKED: "核对通过",
    Verdict.NOT_PROVEN: "未能证明",
    Verdict.TAMPERED: "有改动",
}


@dataclass(frozen=True, slots=True)
class Audit:
    """What is asked: a folder, journal file or https address, one to compare with, checkpoints known from before."""

    copy: str
    pins: Pins
    against: str = ""
    since: Sequence[Path] = ()
    identity: Identity = field(default_factory=Identity)


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What was found in each copy, and between them."""

    copies: tuple[AuditedCopy, ...]
    between: tuple[Finding, ...] = ()
    policy: WitnessPolicy = field(default_factory=WitnessPolicy)

    @property
    def verdict(self) -> Verdict:
        """What it is worth together."""
        return worst([*(finding for copy in self.copies for finding in copy.findings), *self.between])

    def plain(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "verdict": self.verdict.name,
            "copies": [_plain(copy, self.policy) for copy in self.copies],
            "between": [_plain_finding(finding) for finding in self.between],
        }

    def lines(self) -> list[str]:
        """Return it for people."""
        lines = [line for copy in self.copies for line in _lines(copy, self.policy)]
        if len(self.copies) > 1 and not self.between:
            lines.append("两份日志共同的记录逐字节相同")
        lines += [f"  {_WORDS[finding.verdict]}：{finding.text}" for finding in self.between]
        return [*lines, f"结论：{_WORDS[self.verdict]}"]


def is_log(text: str) -> bool:
    """Return whether *text* names a copy of a log, rather than the saved history of one matter."""
    return text.startswith("https:") or Path(text).is_dir() or is_journal(Path(text))


def run_audit(audit: Audit) -> AuditResult:
    """Return what was found.

    :raises FormatError: something that is asked for is no copy of a log, or a checkpoint is none of this log.
    :raises OSError: a file cannot be read.
    """
    earlier = [_earlier(path, audit.pins) for path in audit.since]
    if audit.against:
        return _compared(audit, earlier)
    first = _audited(audit.copy, audit, earlier)
    if not first.whole and is_journal(Path(audit.copy)):
        text = "库中只有与本院有关的记录：它们在日志中的位置，须用 --against 与日志全文比对"
        first.findings.append(not_proven(text))
    return AuditResult((first,), policy=audit.pins.policy)


def _compared(audit: Audit, earlier: Sequence[Checkpoint]) -> AuditResult:
    names = (audit.copy, audit.against)
    # What each of them should hold is looked for in the other.
    wanted = [EntriesOfCourt(court_of(Path(name)) if is_journal(Path(name)) else "") for name in names]
    first = _audited(audit.copy, audit, earlier, wanted[1].take)
    second = _audited(audit.against, audit, earlier, wanted[0].take)
    between = [*compare_logs(first, second), *wanted[0].missing_in(first), *wanted[1].missing_in(second)]
    return AuditResult((first, second), tuple(between), audit.pins.policy)


def _audited(
    text: str, audit: Audit, earlier: Sequence[Checkpoint], take: Take = lambda _index, _entry: None
) -> AuditedCopy:
    trusted = audit.pins.trusted
    if text.startswith("https:"):
        with closing(HttpLog(text, trusted.origin, audit.identity)) as served:
            return audit_log(served, trusted, earlier, take)
    path = Path(text)
    if path.is_dir():
        return audit_log(FolderLog(path), trusted, earlier, take)
    if is_journal(path):
        return audit_journal(path, trusted, earlier)
    raise FormatError(f"{text} 既不是日志文件夹，也不是 https 地址或者 SQLite 日志库")


def _earlier(path: Path, pins: Pins) -> Checkpoint:
    with path.open("rb") as file:
        opened = open_checkpoint(file.read(MAX_NOTE_BYTES + 1), pins.trusted)
    if isinstance(opened, Finding):
        raise FormatError(f"{path}：{opened.text}")
    return opened.checkpoint


def _plain(copy: AuditedCopy, policy: WitnessPolicy) -> dict[str, Any]:
    newest = copy.newest
    witnessed = Standing.of(copy.opened, policy).plain() if copy.opened else {}
    return {
        **witnessed,
        "copy": copy.name,
        "origin": newest.origin if newest else "",
        "size": newest.size if newest else 0,
        "root": newest.root.hex() if newest else "",
        "whole": copy.whole,
        "entries": len(copy.leaves),
        "signatures": copy.signatures,
        "findings": [_plain_finding(finding) for finding in copy.findings],
    }


def _plain_finding(finding: Finding) -> dict[str, str]:
    return {"verdict": finding.verdict.name, "text": finding.text}


def _lines(copy: AuditedCopy, policy: WitnessPolicy) -> list[str]:
    newest = copy.newest
    head = f"检查点 {newest.size} 项，根 {newest.root.hex()[:16]}…" if newest else "没有成立的检查点"
    signed = (
        f"核对法院签名 {copy.signatures} 个" if copy.signatures else "这种副本不含法院签名，只核对密钥状态"
    )
    lines = [f"{copy.name}：{head}；核对记录 {len(copy.leaves)} 项，{signed}"]
    if copy.opened is not None:
        lines.append(f"  检查点{Standing.of(copy.opened, policy).words()}")
    return lines + [f"  {_WORDS[finding.verdict]}：{finding.text}" for finding in copy.findings]
