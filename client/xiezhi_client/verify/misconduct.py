"""Records of misconduct (日志异常记录), as a node or hub keeps them, explained under what the reader has pinned."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xiezhi_client.verify.pins import Pins
from xiezhi_client.verify.signatures import is_signed
from xiezhi_domain.court_time import to_text
from xiezhi_domain.evidence.misconduct import Examined, Misconduct, is_misconduct

_READ = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ShownMisconduct:
    """A record whose two checkpoints the pinned log has signed, and what they show."""

    record: Misconduct
    examined: Examined

    def lines(self) -> list[str]:
        """Say in Chinese what was signed, and what that proves and what not."""
        first, second, record = self.examined.first, self.examined.second, self.record
        return [
            f"平台日志 {first.origin}：{self.examined.fault.zh}",
            f"先给出：长度 {first.size}，根 {first.root.hex()}",
            f"后给出：长度 {second.size}，根 {second.root.hex()}",
            "两个检查点的签名均成立，都是平台日志密钥所签",
            "仅凭这两个签名即可认定平台给出了两份互相矛盾的日志，请交上级法院查处"
            if self.examined.proven
            else "先后次序和所给证明以留存方的陈述为准；平台如能给出成立的一致性证明，可以据此答辩",
            f"由 {record.court} 于 {to_text(record.found_at)} 留存",
        ]

    def plain(self) -> dict[str, Any]:
        """Return the same for programs."""
        first, second = self.examined.first, self.examined.second
        return {
            "verified": True,
            "misconduct": str(self.examined.fault),
            "proven": self.examined.proven,
            "origin": first.origin,
            "first": {"size": first.size, "root": first.root.hex()},
            "second": {"size": second.size, "root": second.root.hex()},
            "court": self.record.court,
        }


def is_record(path: Path) -> bool:
    """Return whether the file looks like a record of misconduct."""
    with path.open("rb") as file:
        return is_misconduct(file.read(_READ))


def examined_file(path: Path, pins: Pins) -> ShownMisconduct:
    """Return what a record shows.

    :raises FormatError: the file is malformed.
    :raises ProofError: the pinned log has not signed both checkpoints, or they fit together.
    :raises OSError: the file cannot be read.
    """
    record = Misconduct.parse(path.read_bytes())
    return ShownMisconduct(record, record.examine(pins.trusted, is_signed))
