"""What a verifier pins of the log: known beforehand, and never taken from a server (protocol §7)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.note import VerifierKey


@dataclass(frozen=True, slots=True)
class Pins:
    """The origin of the log, and its verifier key as text: ``name+key id+base64``.

    :raises FormatError: the origin is empty, or the key is none.
    """

    origin: str
    log_vkey: str

    def __post_init__(self) -> None:
        if not self.origin:
            raise FormatError("没有写明平台日志的名称")
        VerifierKey.parse(self.log_vkey)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read ``origin`` and ``log_vkey`` from a JSON file; the node writes both into its `endpoints.json`.

        :raises FormatError: not JSON, or one of them is missing.
        :raises OSError: the file cannot be read.
        """
        try:
            values = json.loads(path.read_bytes())
            return cls(str(values["origin"]), str(values["log_vkey"]))
        except (ValueError, LookupError, TypeError):
            raise FormatError(f"{path} 应为 JSON 文件，写明 origin 和 log_vkey") from None
