"""What an operator decides about hub and node alike: where the journal lies, who may come how often, what is logged."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from xiezhi_desk.accounts.limits import FAILURES_PER_ADDRESS, SESSIONS_PER_ACCOUNT, SIGN_INS_PER_MINUTE
from xiezhi_desk.settings import ProgramSettings, long_secret_of, secret_of
from xiezhi_wire.streams import STREAMS_PER_ACCOUNT

Address = Annotated[str, Field(pattern=r"^.+:\d{1,5}$", description="host:port")]
Positive = Annotated[int, Field(gt=0)]


class DeskSettings(ProgramSettings):
    """The settings of a program with a journal and a desk. Keys lie in the data directory."""

    data_dir: Path = Field(description="Directory of journal, documents, keys and certificates.")
    database: str = Field(
        "", description="Database URL without password; empty: SQLite in the data directory."
    )
    database_file: Path | None = Field(
        None, description="File with the database URL, where it has a password."
    )
    metrics_address: str = Field("", description="host:port of the Prometheus page; empty: none.")

    calls_per_second: float = Field(100.0, gt=0, description="Calls of one caller, on average.")
    calls_at_once: Positive = Field(400, description="Calls of one caller in a burst.")
    sign_in_failures_per_address: Positive = Field(
        FAILURES_PER_ADDRESS,
        description="Failed sign-ins of one network address before it waits; one a minute is forgiven.",
    )
    sign_ins_per_minute: Positive = Field(
        SIGN_INS_PER_MINUTE, description="Tries of one account to sign in, good or bad, before it waits."
    )
    sessions_per_account: Positive = Field(
        SESSIONS_PER_ACCOUNT,
        description="Sessions of one account; one more ends the one that was not used for longest.",
    )
    streams_per_account: Positive = Field(
        STREAMS_PER_ACCOUNT,
        description="Streams (uploads, downloads, watches) of one account or court at once.",
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

    federation_file: Path | None = Field(
        None,
        description="TOML file with the court's identity provider (OpenID Connect); none: passwords alone.",
    )

    min_free_mib: Positive = Field(512, description="Free disk space below which health turns red.")
    reflection: bool = Field(default=False, description="Whether the listeners offer gRPC reflection.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Lowest level logged: DEBUG, INFO, WARNING, ERROR."
    )

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
