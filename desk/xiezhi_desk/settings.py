"""How programs read their configuration: one TOML file, the environment over it, frozen, unknown keys refused."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from xiezhi_domain.plain_values import read_toml
from xiezhi_wire.startup import StartupError

SettingsT = TypeVar("SettingsT", bound="ProgramSettings")


_SHORTEST_SECRET: Final = 32


class ProgramSettings(BaseSettings):
    """The base of a program's settings. Secrets are named by file, never values."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the environment first, then the file, which `load_settings` hands over."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings


def load_settings(
    kind: type[SettingsT], file: Path | None = None, environment: Mapping[str, str] = os.environ
) -> SettingsT:
    """Return the settings of *file* (or that named by the variable `<prefix>CONFIG`) and the environment.

    :raises StartupError: a key is unknown, missing or wrong; names it, in Chinese.
    """
    prefix = kind.model_config.get("env_prefix", "")
    named = environment.get(f"{prefix}CONFIG")
    path = file or (Path(named) if named else None)
    _refuse_unknown_variables(kind, prefix, environment)
    try:
        return kind(**(_read(path) if path else {}))
    except ValidationError as error:
        raise StartupError(_explain(error)) from None


def secret_of(path: Path, key: str) -> str:
    """Return the secret in the file that the setting *key* names.

    :raises StartupError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise StartupError(f"配置项 {key} 所指的文件无法读取：{error.strerror}") from error


def long_secret_of(path: Path, key: str) -> str:
    """Return the secret in the file that the setting *key* names, if nobody can guess it.

    :raises StartupError: it cannot be read, is shorter than 32 characters, or not of letters, digits and signs alone.
    """
    secret = secret_of(path, key)
    if len(secret) < _SHORTEST_SECRET or not (secret.isascii() and secret.isprintable()):
        raise StartupError(f"配置项 {key} 所指的文件应有至少 {_SHORTEST_SECRET} 个随机的字母或数字")
    return secret


def _refuse_unknown_variables(
    kind: type[ProgramSettings], prefix: str, environment: Mapping[str, str]
) -> None:
    known = {f"{prefix}{name.upper()}" for name in kind.model_fields} | {f"{prefix}CONFIG"}
    for name in sorted(environment):
        if name.upper().startswith(prefix) and name.upper() not in known:
            raise StartupError(f"环境变量 {name} 不是配置项（unknown key），请检查拼写")


def _read(path: Path) -> dict[str, Any]:
    try:
        return read_toml(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StartupError(f"配置文件 {path} 无法读取：{error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StartupError(f"配置文件 {path} 不是合法的 TOML：{error}") from error


_MESSAGES = {"extra_forbidden": "无法识别（unknown key），请检查拼写", "missing": "必填（missing）"}


def _explain(error: ValidationError) -> str:
    """Return one line for each key; values are not repeated, because they may be secrets."""
    lines = []
    for problem in error.errors(include_input=False, include_url=False):
        key = ".".join(str(part) for part in problem["loc"])
        lines.append(f"配置项 {key}：{_MESSAGES.get(problem['type'], problem['msg'])}")
    return "\n".join(lines)
