"""Configuration: one TOML file and the environment (`XIEZHI_WORKBENCH_…`), frozen, unknown keys refused."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from xiezhi_domain.plain_values import read_toml

PREFIX: Final = "XIEZHI_WORKBENCH_"
Address = Annotated[str, Field(pattern=r"^.+:\d{1,5}$", description="host:port")]
Positive = Annotated[int, Field(gt=0)]


class ConfigError(Exception):
    """The configuration is not usable; the message names every key, in Chinese."""


class WorkbenchSettings(BaseSettings):
    """What an operator decides about a workbench."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    serves: Literal["node", "hub"] = Field(description="Whose desk it shows: a court's node, or the hub.")
    server: Address = Field(description="The desk of that node or hub.")
    server_authority: Path = Field(description="Authority that the desk's certificate comes from (PEM).")

    server_secret_file: Path | None = Field(
        None,
        description="File with the secret that the desk knows this workbench by; none: it does not tell addresses.",
    )

    listen: Address = Field("127.0.0.1:8443", description="Where browsers connect, by HTTPS; port 0: any.")
    certificate: Path = Field(description="The court's certificate with its chain (PEM).")
    certificate_key: Path = Field(description="Its key (PEM), readable by the owner alone.")
    announce: Path | None = Field(None, description="File that is told the address once it is served.")

    idle_minutes: Positive = Field(30, description="A session ends after so long without a click.")
    session_minutes: Positive = Field(600, description="A session ends after so long in any case.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Lowest level logged."
    )

    @property
    def server_secret(self) -> str:
        """The secret that the desk knows this workbench by; empty for none. Raise `ConfigError`."""
        if self.server_secret_file is None:
            return ""
        try:
            return self.server_secret_file.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError("配置项 server_secret_file 所指的文件无法读取，或者不全是字母和数字") from error

    @property
    def is_hub(self) -> bool:
        """Whether it shows the hub's desk."""
        return self.serves == "hub"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the environment first, then the file, which `load` hands over."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


def load(file: Path | None = None, environment: Mapping[str, str] = os.environ) -> WorkbenchSettings:
    """Give the settings of *file*, or of that named by `XIEZHI_WORKBENCH_CONFIG`, and the environment.

    Raise `ConfigError` where a key is unknown, missing or wrong, or a certificate file cannot be read.
    """
    named = environment.get(f"{PREFIX}CONFIG")
    path = file or (Path(named) if named else None)
    _refuse_unknown_variables(environment)
    try:
        settings = WorkbenchSettings(**(_read(path) if path else {}))
    except ValidationError as error:
        raise ConfigError(_explained(error)) from None
    _require_readable(settings)
    settings.server_secret  # noqa: B018  # read once now, so that it is told at the start
    return settings


def _refuse_unknown_variables(environment: Mapping[str, str]) -> None:
    known = {f"{PREFIX}{name.upper()}" for name in WorkbenchSettings.model_fields} | {f"{PREFIX}CONFIG"}
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise ConfigError(f"环境变量 {name} 不是配置项，请检查拼写")


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"配置文件 {path} 无法读取：{error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"配置文件 {path} 不是合法的 TOML：{error}") from error


def _require_readable(settings: WorkbenchSettings) -> None:
    for key in ("server_authority", "certificate", "certificate_key"):
        path: Path = getattr(settings, key)
        if not os.access(path, os.R_OK):
            raise ConfigError(f"配置项 {key} 所指的文件 {path} 不存在或无法读取")


_MESSAGES: Final = {"extra_forbidden": "无法识别，请检查拼写", "missing": "必填"}


def _explained(error: ValidationError) -> str:
    """One line for each key."""
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        key = ".".join(str(part) for part in problem["loc"])
        lines.append(f"配置项 {key}：{_MESSAGES.get(problem['type'], problem['msg'])}")
    return "\n".join(lines)
