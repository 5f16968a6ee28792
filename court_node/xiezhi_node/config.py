"""Configuration of a node: one TOML file and the environment (`XIEZHI_NODE_…`), frozen, unknown keys refused."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import SettingsConfigDict

from xiezhi_desk.desk_settings import Address, DeskSettings
from xiezhi_desk.settings import secret_of
from xiezhi_domain.errors import FormatError
from xiezhi_domain.evidence.note import VerifierKey
from xiezhi_domain.evidence.witness import WitnessPolicy


class NodeSettings(DeskSettings):
    """What an operator decides about a node. Keys lie in the data directory; other secrets are named by file."""

    model_config = SettingsConfigDict(env_prefix="XIEZHI_NODE_", extra="forbid", frozen=True)

    desk_address: Address = Field(
        "127.0.0.1:7443", description="Where people and programs connect; port 0: any."
    )
    certificate_names: tuple[str, ...] = Field(
        ("localhost", "127.0.0.1"), min_length=1, description="Names and addresses in the desk's certificate."
    )

    case_source_address: str = Field("", description="host:port of the court's case source; empty: none.")
    case_source_authority: Path | None = Field(
        None, description="Authority that the case source's certificate comes from (PEM)."
    )
    case_source_token_file: Path | None = Field(
        None, description="File with the token that the case source asks for."
    )
    case_source_timeout_s: float = Field(
        10.0, gt=0, description="How long an answer of the case source may take."
    )

    registries_file: Path | None = Field(
        None, description="TOML file with the registries that this court can ask; none: no registry."
    )

    notifications_file: Path | None = Field(
        None,
        description="TOML file with SMS gateway, mail server and webhooks; none: nobody is told outside.",
    )

    font_directory: Path | None = Field(
        None, description="Directory of the court's own fonts for letters (仿宋_GB2312 …); none: free ones."
    )
    sheet_columns_file: Path | None = Field(
        None,
        description="TOML file with the columns of the court's 台账 and 交办单; none: the platform's own.",
    )
    seal_key_file: Path | None = Field(
        None, description="PKCS #12 file of the court's electronic seal; none: sealed papers are uploaded."
    )
    seal_passphrase_file: Path | None = Field(None, description="File with the passphrase of the seal's key.")
    seal_trust_file: Path | None = Field(
        None,
        description="PEM file of the authorities whose seals are trusted; none: every signer is unknown.",
    )

    witnesses: tuple[str, ...] = Field(
        (), description="Verifier keys of the nodes whose cosignatures count (xiezhi-node witness-key)."
    )
    witnesses_needed: int = Field(
        0,
        ge=0,
        validate_default=True,
        description="How many of the witnesses make a checkpoint count as witnessed (k of n).",
    )

    @field_validator("witnesses_needed")
    @classmethod
    def _witnesses_fit(cls, needed: int, info: ValidationInfo) -> int:
        try:
            WitnessPolicy(tuple(map(VerifierKey.parse, info.data.get("witnesses", ()))), needed)
        except FormatError as error:
            raise ValueError(error.message) from None
        return needed

    @property
    def witness_policy(self) -> WitnessPolicy:
        """Which witnesses count, and how many are enough (protocol §7)."""
        return WitnessPolicy(tuple(VerifierKey.parse(each) for each in self.witnesses), self.witnesses_needed)

    @property
    def paths(self) -> "NodePaths":
        """Where everything lies."""
        return NodePaths(self.data_dir)

    @property
    def case_source_token(self) -> str:
        """The token that the case source asks for; empty for a court without one.

        :raises StartupError: its file cannot be read.
        """
        file = self.case_source_token_file
        return secret_of(file, "case_source_token_file") if file is not None else ""


class NodePaths:
    """The files of a data directory."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.signed_position = data_dir / "signed-position"
        self.erasures = data_dir / "erasures"
        self.cosigned = data_dir / "cosigned.head"
        self.event_key = data_dir / "keys" / "event.pem"
        self.cosign_key = data_dir / "keys" / "cosign.pem"
        self.account_secret = data_dir / "keys" / "accounts.secret"
        self.tls_key = data_dir / "tls" / "key.pem"
        self.tls_chain = data_dir / "tls" / "chain.pem"
        self.tls_chain_before = data_dir / "tls" / "chain-before.pem"
        self.hub_authority = data_dir / "tls" / "hub-ca.pem"
        self.desk_authority = data_dir / "desk" / "ca.pem"
        self.desk_key = data_dir / "desk" / "key.pem"
        self.desk_chain = data_dir / "desk" / "chain.pem"
        self.documents = data_dir / "documents"
        self.endpoints = data_dir / "endpoints.json"
        self.misconduct = data_dir / "misconduct"

    @property
    def secrets(self) -> tuple[Path, ...]:
        """The files that nobody but the owner may read."""
        return (self.event_key, self.cosign_key, self.tls_key, self.desk_key)

    def create(self) -> None:
        """Make the directories, readable by the owner alone."""
        for folder in ("", "keys", "tls", "desk", "documents"):
            (self.data_dir / folder).mkdir(mode=0o700, parents=True, exist_ok=True)

    def write_endpoints(self, endpoints: Mapping[str, Any]) -> None:
        """Say where the node is; readers see the whole file or none."""
        new = self.endpoints.with_suffix(".new")
        new.write_text(json.dumps(endpoints, ensure_ascii=False), encoding="utf-8")
        new.replace(self.endpoints)
