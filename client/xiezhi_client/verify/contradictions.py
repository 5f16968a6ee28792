"""Receipts held against each other: two that one log cannot both have given convict it (protocol §7)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from xiezhi_client.verify.receipt import VerifiedReceipt

CONVICTED: Final = "仅凭这两份回执即可认定平台给出了两份互相矛盾的日志，请一并妥善保存，交上级法院查处"


class Contradiction(NamedTuple):
    """Two files, each of which holds under the pinned keys, and what they show together."""

    first: Path
    second: Path
    text: str


def contradictions(verified: Mapping[Path, VerifiedReceipt]) -> Iterator[Contradiction]:
    """Yield pairs that no one history can hold: each file with the first that it contradicts.

    Both files together are the proof, which anyone can check.
    """
    at_index: dict[int, Path] = {}
    at_size: dict[int, Path] = {}
    for path, receipt in verified.items():
        first = at_index.setdefault(receipt.log_index, path)
        if verified[first].leaf != receipt.leaf:
            text = f"平台日志第 {receipt.log_index} 项在两份回执中是两项不同的记录，二者均有平台签名证明"
            yield Contradiction(first, path, text)
            continue
        first = at_size.setdefault(receipt.checkpoint_size, path)
        if verified[first].checkpoint.root != receipt.checkpoint.root:
            text = f"平台对同样 {receipt.checkpoint_size} 项的日志签了两个不同的根"
            yield Contradiction(first, path, text)
