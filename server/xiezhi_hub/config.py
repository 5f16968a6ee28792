"""Configuration of the hub: one TOML file, the environment over it (`XIEZHI_HUB_…`), frozen, unknown keys refused."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from xiezhi_desk.accounts.address_limit import FAILURES_PER_ADDRESS
from xiezhi_desk.settings import ProgramSettings, long_secret_of, secret_of
from xiezhi_domain.courts import parse_court_code, shipped_courts
from xiezhi_domain.errors import DomainError
from xiezhi_domain.evidence.note import require_key_name

Address = Annotated[str, Field(pattern=r"^.+:\d{1,5}$", description="host:port")]
Positive = Annotated[int, Field(gt=0)]


class HubSettings(ProgramSettings):
    """What an operator decides about a hub. Keys lie in the data directory; other secrets are named by file."""

    model_config = SettingsConfigDict(env_prefix="XIEZHI_HUB_", extra="forbid", frozen=True)

    court: str = Field(description="Code of the hub's own court, such as 苏05.")
    origin: str = Field(description="Name of the log, such as hub.su05.example/xiezhi; never changed.")
    data_dir: Path = Field(description="Directory of journal, documents, keys and certificates.")
    database: str = Field(
        "", description="Database URL without password; empty: SQLite in the data directory."
    )
    database_file: Path | None = Field(
        None, description="File that holds the database URL, where it has a password."
    )
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
    metrics_address: str = Field("", description="host:port of the Prometheus page; empty: none.")
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
    calls_per_second: float = Field(100.0, gt=0, description="Calls of one account or court, on average.")
    calls_at_once: Positive = Field(400, description="Calls of one account or court in a burst.")
    sign_in_failures_per_address: Positive = Field(
        FAILURES_PER_ADDRESS,
        description="Failed sign-ins of one network address before it waits; one a minute is forgiven.",
    )
    workbench_secret_file: Path | None = Field(
        None,
        description="File with the secret by which the workbench is known, which then tells browsers' addresses.",
    )
    second_factor_for_approvals: bool = Field(
        default=False, description="Whether approvals and seals demand a second factor (one-time code)."
    )
    second_factor_minutes: Positive = Field(
        10, description="How long a code that was shown is good for approvals and seals in its session."
    )
    related_queries_per_person: Positive = Field(
        20, description="Questions for related cases of one person in an hour."
    )
    related_queries_per_court: Positive = Field(
        200, description="Questions for related cases of one court in an hour."
    )
    min_free_mib: Positive = Field(512, description="Free disk space below which health turns red.")

    notifications_file: Path | None = Field(
        None,
        description="TOML file with SMS gateway, mail server and webhooks; none: nobody is told outside.",
    )

    font_directory: Path | None = Field(
        None, description="Directory of the court's own fonts for bulletins (仿宋_GB2312 …); none: free ones."
    )
    reflection: bool = Field(default=False, description="Whether the listeners offer gRPC reflection.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Lowest level logged: DEBUG, INFO, WARNING, ERROR."
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

    @property
    def workbench_secret(self) -> str:
        """The secret that the court's workbench shows; empty for none.

        :raises StartupError: its file cannot be read, or can be guessed.
        """
        file = self.workbench_secret_file
        return long_secret_of(file, "workbench_secret_file") if file is not None else ""

    @property
    def database_url(self) -> str:
        """The URL of the journal.

        :raises StartupError: the file that holds it cannot be read.
        """
        if self.database_file is not None:
            return secret_of(self.database_file, "database_file")
        return self.database or f"sqlite:///{self.data_dir / 'journal.db'}"
