"""Where to connect and as whom: a small file that only its owner can read."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Final, Self

import typer

from xiezhi_client.sdk.errors import InvalidInput, NotSignedIn
from xiezhi_domain.plain_values import read_json

PROFILE_VARIABLE: Final = "XIEZHI_PROFILE"
TOKEN_VARIABLE: Final = "XIEZHI_TOKEN"  # noqa: S105  the name of the variable
_OWNER_ONLY: Final = 0o600


def default_path() -> Path:
    """Give the profile of the user's configuration directory."""
    return Path(typer.get_app_dir("xiezhi")) / "profile.json"


@dataclass(frozen=True, slots=True)
class Profile:
    """Address (host:port), file of the authority's certificate, token of the session; empty is not known."""

    address: str = ""
    ca_certificate: str = ""
    token: str = ""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file; one that does not exist is an empty profile. ``XIEZHI_TOKEN`` wins over its token."""
        values = _read(path) if path.exists() else {}
        known = {field.name for field in fields(cls)}
        if not known.issuperset(values) or not all(isinstance(each, str) for each in values.values()):
            raise InvalidInput.in_field("profile", f"配置文件内容不正确，请检查或删除后重新登录：{path}")
        profile = cls(**values)
        return replace(profile, token=os.environ.get(TOKEN_VARIABLE, profile.token))

    def save(self, path: Path) -> None:
        """Write the file, readable by its owner alone from its first byte on."""
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.{os.getpid()}")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "w") as file:
            json.dump(asdict(self), file, ensure_ascii=False, indent=2)
        new.replace(path)

    def require(self) -> None:
        """Raise `NotSignedIn` where it is not known where to connect."""
        if not (self.address and self.ca_certificate):
            raise NotSignedIn("NO_PROFILE", "尚未登录：不知道服务器地址和根证书")


def _read(path: Path) -> Mapping[str, Any]:
    try:
        values = read_json(path.read_text(encoding="utf-8"))
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise InvalidInput.in_field("profile", f"配置文件不是 JSON，请检查或删除后重新登录：{path}")
    return values
