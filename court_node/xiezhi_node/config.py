"""Configuration of a node: one TOML file and the environment (`XIEZHI_NODE_…`), frozen, unknown keys refused."""

from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class NodeSettings(BaseSettings):
    """What an operator decides about a node. Secrets are files in the data directory, never values here."""

    model_config = SettingsConfigDict(env_prefix="XIEZHI_NODE_", extra="forbid", frozen=True)
    file: ClassVar[Path | None] = None

    data_dir: Path = Field(description="Directory of journal, documents and keys.")
    database: str = Field("", description="Database URL; empty: SQLite in the data directory.")
    desk_address: str = Field(
        "127.0.0.1:7443", description="host:port where people and programs reach the node."
    )
    desk_names: tuple[str, ...] = Field(
        ("localhost", "127.0.0.1"), description="Names and addresses in the desk's certificate."
    )
    reflection: bool = Field(default=False, description="Whether the desk offers gRPC reflection.")
    log_level: str = Field("info", description="debug, info, warning or error.")
    calls_per_second: float = Field(50.0, gt=0, description="Calls of one account per second, on average.")
    calls_at_once: int = Field(200, gt=0, description="Calls of one account in a burst.")
    max_document_mib: int = Field(200, gt=0, description="Largest document in MiB.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment first, then the file."""
        del dotenv_settings, file_secret_settings
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=cls.file))

    @cached_property
    def paths(self) -> "NodePaths":
        """Where everything lies."""
        return NodePaths(self.data_dir)

    @property
    def database_url(self) -> str:
        """The URL of the journal."""
        return self.database or f"sqlite:///{self.data_dir / 'journal.db'}"


def load_settings(file: Path | None, **values: Any) -> NodeSettings:
    """Return the settings of *file* and the environment.

    :raises pydantic.ValidationError: a key is unknown, missing or wrong; says which.
    """

    class FileSettings(NodeSettings):
        pass

    FileSettings.file = file
    return FileSettings(**values)


class NodePaths:
    """The files of a data directory."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.event_key = data_dir / "keys" / "event.pem"
        self.cosign_key = data_dir / "keys" / "cosign.pem"
        self.tls_key = data_dir / "tls" / "key.pem"
        self.tls_chain = data_dir / "tls" / "chain.pem"
        self.hub_authority = data_dir / "tls" / "hub-ca.pem"
        self.desk_authority = data_dir / "desk" / "ca.pem"
        self.desk_authority_key = data_dir / "desk" / "ca.key"
        self.desk_key = data_dir / "desk" / "key.pem"
        self.desk_chain = data_dir / "desk" / "chain.pem"
        self.documents = data_dir / "documents"
        self.endpoints = data_dir / "endpoints.json"

    def create(self) -> None:
        """Make the directories, readable by the owner alone."""
        for folder in ("", "keys", "tls", "desk", "documents"):
            (self.data_dir / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
