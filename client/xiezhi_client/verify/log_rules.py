"""What every entry of the log has to keep to, whoever wrote it: keys, chains and times (ADR 0001)."""

from collections.abc import Iterator
from typing import Final

from xiezhi_client.verify.findings import Finding, not_proven, tampered
from xiezhi_domain.errors import FormatError, Reason
from xiezhi_domain.events.header import Header, decode_header
from xiezhi_domain.events.kinds import KEY_EVENTS
from xiezhi_domain.events.ruling import Ruling, decode_entry, decode_ruling
from xiezhi_domain.keyring import Keyring, Purpose, refused_by_log

_UNJUSTIFIED: Final = "既不是该院的首个密钥，也没有该院有效密钥的签署，或者与已登记的密钥冲突"


class EntryRules:
    """Follows the entries of a log, or those of one court's matters, in the order of the log."""

    def __init__(self) -> None:
        self.keyring = Keyring()
        self._ruled_at = -1
        self._last: dict[str, tuple[str, int]] = {}
        """By matter: leaf hash (hex) and sequence number of the last accepted entry."""

    def check(self, index: int, entry: bytes, leaf: bytes) -> Iterator[Finding]:
        """Yield what is wrong with entry *index*."""
        try:
            header_bytes, ruling_bytes = decode_entry(entry)
            header, ruling = decode_header(header_bytes), decode_ruling(ruling_bytes)
        except FormatError as error:
            yield not_proven(f"日志第 {index} 项读不懂，无法核对（{error.message}），请用新版本程序再试")
            return
        yield from self._check_ruling(index, header, ruling)
        if ruling.accepted:
            self._last[header.instruction] = leaf.hex(), ruling.seq
            yield from self._check_key(index, header)

    def _check_ruling(self, index: int, header: Header, ruling: Ruling) -> Iterator[Finding]:
        if ruling.at <= self._ruled_at:
            yield tampered(f"日志第 {index} 项的裁定时间不晚于前一项")
        self._ruled_at = ruling.at
        previous, seq = self._last.get(header.instruction, ("", 0))
        if (ruling.prev, ruling.seq) != (previous, seq + ruling.accepted):
            yield tampered(
                f"日志第 {index} 项与同一事项（{header.instruction}）的前一项不衔接："
                f"序号 {ruling.seq}，应为 {seq + ruling.accepted}"
            )

    def _check_key(self, index: int, header: Header) -> Iterator[Finding]:
        if header.kind in KEY_EVENTS:
            refusal = refused_by_log(self.keyring, header, index)
            if refusal is not None:
                problem = refusal.detail if refusal.reason == Reason.MALFORMED else _UNJUSTIFIED
                yield tampered(f"日志第 {index} 项登记的密钥不成立：{problem}")
                return
            self.keyring = self.keyring.apply(header, index)
        key = self.keyring.valid(header.key, index)
        if key is None:
            yield tampered(f"日志第 {index} 项的签名密钥 {header.key} 当时未登记，或者已经停用")
        elif (key.court, key.purpose) != (header.sender, Purpose.EVENT):
            yield tampered(f"日志第 {index} 项由 {header.sender} 作出，所用密钥却是 {key.court} 的")
