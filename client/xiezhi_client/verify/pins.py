"""What a verifier pins of the log: known beforehand, and never taken from a server (protocol §7)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.note import VerifierKey
from xiezhi_domain.evidence.trust import TrustedLog


@dataclass(frozen=True, slots=True)
class Pins:
    """The origin of the log, and its verifier keys as text (``name+key id+base64``): two where the key was rotated.

    :raises FormatError: the origin is empty, there is no key, or one is none.
    """

    origin: str
    log_vkeys: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.origin:
            raise FormatError("没有写明平台日志的名称")
        if not self.log_vkeys:
            raise FormatError("没有写明平台日志的公钥")
        for vkey in self.log_vkeys:
            VerifierKey.parse(vkey)

    @property
    def trusted(self) -> TrustedLog:
        """The log as evidence is opened under it."""
        return TrustedLog(self.origin, tuple(VerifierKey.parse(vkey) for vkey in self.log_vkeys))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read ``origin`` and ``log_vkey`` (or a list ``log_vkeys``) from JSON, such as a node's `endpoints.json`.

        :raises FormatError: not JSON, or one of them is missing.
        :raises OSError: the file cannot be read.
        """
        try:
            values = json.loads(path.read_bytes())
            vkeys = [*values["log_vkeys"]] if "log_vkeys" in values else [values["log_vkey"]]
            return cls(str(values["origin"]), tuple(map(str, vkeys)))
        except (ValueError, LookupError, TypeError):
            raise FormatError(f"{path} 应为 JSON 文件，写明 origin 和 log_vkey（或 log_vkeys）") from None
