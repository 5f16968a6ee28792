"""The tree over the entries that a copy holds, against checkpoints that pinned keys signed."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from xiezhi_client.verify.findings import Finding, Verdict, not_proven, tampered
from xiezhi_client.verify.signatures import is_signed
from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.checkpoint import Checkpoint
from xiezhi_domain.evidence.errors import ProofError
from xiezhi_domain.evidence.merkle import CompactRange
from xiezhi_domain.evidence.note import Note
from xiezhi_domain.evidence.trust import OpenedCheckpoint, TrustedLog


def open_checkpoint(note: bytes, trusted: TrustedLog) -> OpenedCheckpoint | Finding:
    """Return the checkpoint that a pinned key signed, with its witnesses, or why *note* is none."""
    try:
        return trusted.open(note, is_signed)
    except FormatError as error:
        return not_proven(f"检查点读不懂：{error.message}")
    except ProofError as error:
        return Finding(_worth(note, trusted), f"检查点不成立：{explain_signers(note, trusted, error)}")


def explain_signers(note: bytes, trusted: TrustedLog, error: ProofError) -> str:
    """Return why a checkpoint was not opened: where no pinned key signed, who did and which keys are pinned."""
    if _worth(note, trusted) is Verdict.TAMPERED:
        return error.message
    parsed = Note.parse(note)
    origin = parsed.text.partition("\n")[0]
    if origin != trusted.origin:
        return f"它属于日志 {origin}，而留存的日志名称是 {trusted.origin}"
    signed = "、".join(f"{line.name}+{line.key_id.hex()}" for line in parsed.signatures)
    pinned = "、".join(f"{key.name}+{key.key_id.hex()}" for key in trusted.log_keys)
    return (
        f"签名密钥是 {signed}，而留存的公钥是 {pinned}。平台如已更换日志密钥，"
        "请从法院节点或者其他法院核实新公钥，将新旧两个一并写明再核验"
    )


def roots_at(leaves: Sequence[bytes], sizes: Collection[int]) -> dict[int, bytes]:
    """Return the roots of the tree at those of *sizes* that it has reached."""
    wanted, tree = set(sizes), CompactRange()
    roots = {0: tree.root()} if 0 in wanted else {}
    for leaf in leaves:
        tree.append(leaf)
        if tree.size in wanted:
            roots[tree.size] = tree.root()
    return roots


def contiguous(leaves: Mapping[int, bytes]) -> list[bytes]:
    """Return the leaves from index 0 to the first that is missing."""
    found: list[bytes] = []
    while (leaf := leaves.get(len(found))) is not None:
        found.append(leaf)
    return found


def check_roots(leaves: Sequence[bytes], checkpoints: Collection[Checkpoint]) -> Iterator[Finding]:
    """Yield which of *checkpoints* the entries do not lead to; one beyond them proves nothing."""
    roots = roots_at(leaves, [checkpoint.size for checkpoint in checkpoints])
    for checkpoint in checkpoints:
        root = roots.get(checkpoint.size)
        if root is None:
            yield not_proven(
                f"这份日志只有 {len(leaves)} 项，而平台曾为 {checkpoint.size} 项签名：它是较早的一份，"
                "或者后来的部分被隐去，请取最新的一份再核对"
            )
        elif root != checkpoint.root:
            yield tampered(
                f"前 {checkpoint.size} 项算出的根与平台当时签名的检查点不符："
                "这些记录有改动、增减，或者次序变动；平台签过名的历史不会再变"
            )


def _worth(note: bytes, trusted: TrustedLog) -> Verdict:
    """Return whether a pinned key's signature is false (tampered), or no pinned key signed or none of this log."""
    known = {(key.name, key.key_id) for key in trusted.log_keys}
    parsed = Note.parse(note)
    same_log = parsed.text.partition("\n")[0] == trusted.origin
    signed = any((line.name, line.key_id) in known for line in parsed.signatures)
    return Verdict.TAMPERED if same_log and signed else Verdict.NOT_PROVEN
