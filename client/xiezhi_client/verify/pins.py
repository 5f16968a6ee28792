"""What a verifier pins of the log: known beforehand, and never taken from a server (protocol §7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.note import VerifierKey
from xiezhi_domain.evidence.trust import TrustedLog
from xiezhi_domain.evidence.witness import WitnessPolicy
from xiezhi_domain.plain_values import read_json


@dataclass(frozen=True, slots=True)
class Pins:
    """The origin of the log, and its verifier keys as text (``name+key id+base64``): two where the key was rotated.

    *witnesses* are the keys of those whose cosignatures count, *witnesses_needed* of which make a checkpoint witnessed.

    :raises FormatError: the origin is empty, there is no key, one is none, or so many witnesses cannot be needed.
    """

    origin: str
    log_vkeys: tuple[str, ...]
    witnesses: tuple[str, ...] = ()
    witnesses_needed: int = 0

    def __post_init__(self) -> None:
        if not self.origin:
            raise FormatError("没有写明平台日志的名称")
        if not self.log_vkeys:
            raise FormatError("没有写明平台日志的公钥")
        _keys(self.log_vkeys)
        self.policy  # noqa: B018  # checks it

    @property
    def trusted(self) -> TrustedLog:
        """The log as evidence is opened under it."""
        return TrustedLog(self.origin, _keys(self.log_vkeys), _keys(self.witnesses))

    @property
    def policy(self) -> WitnessPolicy:
        """Which witnesses count, and how many of them are enough."""
        return WitnessPolicy(_keys(self.witnesses), self.witnesses_needed)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the fields from JSON, such as a node's `endpoints.json`; ``log_vkey`` stands for one of ``log_vkeys``.

        ``witnesses`` and ``witnesses_needed`` may be left out: then nothing is ever witnessed.

        :raises FormatError: not JSON, a field is missing, or is not what it has to be.
        :raises OSError: the file cannot be read.
        """
        try:
            values = read_json(path.read_bytes())
            vkeys = [*values["log_vkeys"]] if "log_vkeys" in values else [values["log_vkey"]]
            witnesses = [*values.get("witnesses", ())]
            needed = int(values.get("witnesses_needed", 0))
            origin = str(values["origin"])
        except (ValueError, LookupError, TypeError, AttributeError):
            raise FormatError(f"{path} 应为 JSON 文件，写明 origin 和 log_vkey（或 log_vkeys）") from None
        return cls(origin, tuple(map(str, vkeys)), tuple(map(str, witnesses)), needed)


def _keys(texts: Iterable[str]) -> tuple[VerifierKey, ...]:
    return tuple(VerifierKey.parse(text) for text in texts)
