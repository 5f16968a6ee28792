"""Two copies of one log: from which entry on they differ, and what that proves."""

from collections.abc import Iterator, Sequence

from xiezhi_client.verify.findings import Finding, Verdict, not_proven, tampered, worst
from xiezhi_client.verify.log_audit import AuditedCopy
from xiezhi_client.verify.log_tree import check_roots


def compare_logs(first: AuditedCopy, second: AuditedCopy) -> list[Finding]:
    """Return where two copies differ. At least one should be of the whole log; each was audited by itself before."""
    return [
        *_different_entries(first, second),
        *_checkpoints_against(first, second),
        *_checkpoints_against(second, first),
        *_uncovered(first, second),
    ]


def _different_entries(first: AuditedCopy, second: AuditedCopy) -> Iterator[Finding]:
    common = sorted(first.leaves.keys() & second.leaves.keys())
    different = [index for index in common if first.leaves[index] != second.leaves[index]]
    if not common:
        yield not_proven("两份日志没有共同的记录，无从比对")
    if different:
        yield tampered(
            f"两份日志从第 {different[0]} 项起不同（共同的 {len(common)} 项中有 {len(different)} 项不同）。"
            + _meaning(first, second)
        )


def _meaning(first: AuditedCopy, second: AuditedCopy) -> str:
    """Say what it proves that two copies differ."""
    altered = [copy for copy in (first, second) if worst(copy.findings) is Verdict.TAMPERED]
    whole = [copy for copy in (first, second) if copy.whole and copy not in altered]
    if len(altered) == 2:  # noqa: PLR2004  both
        return "两份都与平台签名的检查点不符，都不能作为依据。"
    if len(whole) == 2:  # noqa: PLR2004  both
        return (
            "两份各自与平台签名的检查点相符：平台对同一位置签出了两套历史，这两份日志连同检查点即是证据，"
            "任何人都可以核对，请妥善保存，不要再依赖该平台的裁定。"
        )
    if altered:
        [good] = [copy for copy in (first, second) if copy not in altered]
        held = "与平台签名的检查点相符" if good.whole else "自身没有发现问题"
        return f"{altered[0].name} 被改动；{good.name} {held}。"
    if any(not copy.whole and not copy.signatures for copy in (first, second)):
        return "有一份没有读全，未能与平台签名的检查点核对，还不能说明哪一份被改动：请补齐后再比对。"
    return (
        "法院库中所存的记录有法院签名，却不是日志全文中的那一项：如该院存有这一项的存证回执，"
        "回执与日志全文的检查点合在一起，即可证明平台签出了两套历史；没有回执的，只能证明两份中有一份不实。"
    )


def _checkpoints_against(holder: AuditedCopy, log: AuditedCopy) -> Iterator[Finding]:
    """Yield which checkpoints of *holder* the whole *log* does not lead to."""
    if not log.whole:
        return
    leaves: Sequence[bytes] = list(log.leaves.values())
    reached = [checkpoint for checkpoint in holder.checkpoints if checkpoint.size <= len(leaves)]
    for finding in check_roots(leaves, reached):
        yield Finding(
            finding.verdict, f"{holder.name} 存有平台签名的检查点，{log.name} 与之不符：{finding.text}"
        )


def _uncovered(first: AuditedCopy, second: AuditedCopy) -> Iterator[Finding]:
    """Yield what a part of a log has beyond the whole one."""
    for part, log in ((first, second), (second, first)):
        beyond = [index for index in part.leaves if index not in log.leaves]
        if not part.whole and log.whole and beyond:
            yield not_proven(f"{part.name} 中有 {len(beyond)} 项晚于 {log.name}，请取更新的日志全文再比对")
    if not first.whole and not second.whole:
        yield not_proven("两份都不是日志全文：只比对了共同的记录，不能证明它们在日志中的位置")
