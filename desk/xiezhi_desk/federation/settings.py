"""The court's identity provider: one TOML file, checked as a whole. The client's secret is named by file."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from xiezhi_desk.settings import secret_of
from xiezhi_domain.plain_values import read_toml
from xiezhi_wire.startup import StartupError

Https = Annotated[str, Field(pattern=r"^https://[^\s/@?#]+(/[^\s?#]*)?$")]
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "Ed25519"]
"""With public keys alone: what is signed with a shared secret could be signed with a public key taken for one."""


class FederationSettings(BaseModel):
    """What an operator says of the provider, and what its word is good for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field("统一身份认证", min_length=1, max_length=32)
    issuer: Https
    client_id: str = Field(min_length=1)
    client_secret_file: Path
    redirect_address: Https
    scopes: tuple[str, ...] = ("openid",)
    claim: str = Field("sub", min_length=1)
    algorithms: tuple[Algorithm, ...] = Field(("RS256", "ES256"), min_length=1)
    second_factor_acr: frozenset[str] = frozenset()
    second_factor_amr: frozenset[str] = frozenset()
    passwords_of_bound: bool = True
    break_glass: frozenset[str] = frozenset()
    leeway_s: int = Field(60, ge=0, le=300)
    timeout_s: float = Field(10.0, gt=0, le=20)
    authority: Path | None = None

    @model_validator(mode="after")
    def _somebody_gets_in(self) -> Self:
        if not self.passwords_of_bound and not self.break_glass:
            raise ValueError("passwords_of_bound = false 时须在 break_glass 中写明仍可用密码登录的系统管理员")
        if "openid" not in self.scopes:
            raise ValueError("scopes 中须有 openid")
        return self

    @property
    def client_secret(self) -> str:
        """The secret that the provider knows this program by.

        :raises StartupError: its file cannot be read, or is empty.
        """
        secret = secret_of(self.client_secret_file, "client_secret_file")
        if not secret:
            raise StartupError("配置项 client_secret_file 所指的文件是空的")
        return secret

    @property
    def demands_second_factor(self) -> bool:
        """Whether the provider's word may stand for a second factor of ours."""
        return bool(self.second_factor_acr or self.second_factor_amr)


def load_federation(path: Path | None) -> FederationSettings | None:
    """Return the settings of *path*; None without one: people sign in by password alone.

    :raises StartupError: it or the client's secret cannot be read, or a key is unknown, missing or wrong.
    """
    if path is None:
        return None
    try:
        settings = FederationSettings(**read_toml(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise StartupError(f"统一身份认证配置文件 {path} 无法读取：{error.strerror}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "内容"
        raise StartupError(f"统一身份认证配置文件 {path} 的 {place} 有误：{first['msg']}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StartupError(f"统一身份认证配置文件 {path} 不是合法的 TOML：{error}") from error
    settings.client_secret  # noqa: B018  # read once now, so that it is told at the start
    return settings
