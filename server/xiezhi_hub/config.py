"""Configuration of the hub: one TOML file, the environment over it (`XIEZHI_HUB_…`), frozen, unknown keys refused."""

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from xiezhi_desk.desk_settings import Address, DeskSettings, Positive
from xiezhi_domain.courts import parse_court_code, shipped_courts
from xiezhi_domain.errors import DomainError
from xiezhi_domain.evidence.note import require_key_name


class HubSettings(DeskSettings):
    """What an operator decides about a hub. Keys lie in the data directory; other secrets are named by file."""

    model_config = SettingsConfigDict(env_prefix="XIEZHI_HUB_", extra="forbid", frozen=True)

    court: str = Field(description="Code of the hub's own court, such as 苏05.")
    origin: str = Field(description="Name of the log, such as hub.su05.example/xiezhi; never changed.")
    head_file: Path | None = Field(
        None, description="Head of the log outside the database; best on another disk."
    )

    link_address: Address = Field("127.0.0.1:7451", description="Where nodes connect; port 0: any.")
    desk_address: Address = Field(
        "127.0.0.1:7452", description="Where the hub's people and programs connect."
    )
    join_address: Address = Field("127.0.0.1:7453", description="Where courts join.")
    log_address: str = Field(
        "", description="Where nodes read the log as files over HTTPS (host:port); empty: nowhere."
    )
    public_host: str = Field("", description="Name under which nodes reach the hub; empty: the first below.")
    certificate_names: tuple[str, ...] = Field(
        ("localhost", "127.0.0.1"), min_length=1, description="Names and addresses in the server certificate."
    )

    authority_days: Positive = Field(3_650, description="Life of the certificate authority.")
    server_certificate_days: Positive = Field(365, description="Life of the server certificate.")
    node_certificate_days: Positive = Field(90, description="Life of a node's certificate.")
    join_token_hours: Positive = Field(24, description="How long a join token may be used.")

    push_window_mib: Positive = Field(8, description="Bytes of a node under way without a ruling.")
    lane_window_mib: Positive = Field(8, description="Bytes of a lane under way without acknowledgement.")
    related_queries_per_person: Positive = Field(
        20, description="Questions for related cases of one person in an hour."
    )
    related_queries_per_court: Positive = Field(
        200, description="Questions for related cases of one court in an hour."
    )

    notifications_file: Path | None = Field(
        None,
        description="TOML file with SMS gateway, mail server and webhooks; none: nobody is told outside.",
    )

    font_directory: Path | None = Field(
        None, description="Directory of the court's own fonts for bulletins (仿宋_GB2312 …); none: free ones."
    )

    @field_validator("court")
    @classmethod
    def _known_court(cls, text: str) -> str:
        try:
            return shipped_courts().get(parse_court_code(text)).code
        except DomainError as error:
            raise ValueError(error.message) from error

    @field_validator("origin")
    @classmethod
    def _one_word(cls, text: str) -> str:
        try:
            return require_key_name(text)
        except DomainError as error:
            raise ValueError(error.message) from error
