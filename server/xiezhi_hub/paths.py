"""The files of a hub's data directory."""

import json
from dataclasses import dataclass
from pathlib import Path

from xiezhi_hub.config import HubSettings
from xiezhi_wire.startup import StartupError
from xiezhi_wire.tls import ServerMaterial

OWNER_ONLY = 0o700


@dataclass(frozen=True, slots=True)
class HubPaths:
    """Where everything lies."""

    data_dir: Path
    head_file: Path

    @classmethod
    def of(cls, settings: HubSettings) -> "HubPaths":
        """Return the paths that the settings name."""
        return cls(settings.data_dir, settings.head_file or settings.data_dir / "head" / "log.head")

    @property
    def authority(self) -> Path:
        """Directory of the certificate authority."""
        return self.data_dir / "ca"

    @property
    def event_key(self) -> Path:
        """The key that signs the hub's own events."""
        return self.data_dir / "keys" / "event.pem"

    @property
    def log_key(self) -> Path:
        """The key that signs checkpoints."""
        return self.data_dir / "keys" / "log.pem"

    @property
    def mark_secret(self) -> Path:
        """The secret behind the marks of parties (docs/threat-model.md)."""
        return self.data_dir / "keys" / "marks.secret"

    @property
    def account_secret(self) -> Path:
        """The key that locks secrets of accounts in the database."""
        return self.data_dir / "keys" / "accounts.secret"

    @property
    def server_key(self) -> Path:
        """The key of the server certificate."""
        return self.data_dir / "tls" / "server.key"

    @property
    def server_chain(self) -> Path:
        """The server certificate with the authority behind it."""
        return self.data_dir / "tls" / "server.pem"

    @property
    def certificates(self) -> Path:
        """The list of certificates handed out; beside the head file, and like it in no backup."""
        return self.head_file.with_name("certificates")

    @property
    def erasures(self) -> Path:
        """The list of orders to erase; beside the head file, and like it in no backup."""
        return self.head_file.with_name("erasures")

    @property
    def misconduct(self) -> Path:
        """Directory of records that contradict the log."""
        return self.data_dir / "misconduct"

    @property
    def documents(self) -> Path:
        """Directory of documents."""
        return self.data_dir / "documents"

    @property
    def endpoints(self) -> Path:
        """The addresses at which a running hub listens, for scripts."""
        return self.data_dir / "endpoints.json"

    @property
    def private_files(self) -> tuple[Path, ...]:
        """The keys, which nobody but the owner may read."""
        return self.event_key, self.log_key, self.server_key, self.authority / "ca.key"

    @property
    def material(self) -> ServerMaterial:
        """The TLS files of the listeners."""
        return ServerMaterial(self.server_chain, self.server_key, self.authority / "trust.pem")

    def create(self) -> None:
        """Make the directories, readable by the owner alone."""
        for folder in ("", "ca", "keys", "tls", "documents"):
            (self.data_dir / folder).mkdir(mode=OWNER_ONLY, parents=True, exist_ok=True)
        self.head_file.parent.mkdir(parents=True, exist_ok=True)

    def write_endpoints(self, endpoints: dict[str, str]) -> None:
        """Store the addresses (listener → host:port); readers see all or nothing."""
        new = self.endpoints.with_suffix(".new")
        new.write_text(json.dumps(endpoints, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        new.replace(self.endpoints)


def public_address(settings: HubSettings, paths: HubPaths, listener: str) -> str:
    """Return host:port under which nodes reach a listener (``link`` or ``join``).

    :raises StartupError: the port is any, and the hub is not running to say which.
    """
    port = str(getattr(settings, f"{listener}_address")).rpartition(":")[2]
    if port == "0":
        port = _port_in_use(paths, listener)
    return f"{settings.public_host or settings.certificate_names[0]}:{port}"


def _port_in_use(paths: HubPaths, listener: str) -> str:
    try:
        return str(json.loads(paths.endpoints.read_text(encoding="utf-8"))[listener]).rpartition(":")[2]
    except (OSError, ValueError, KeyError) as error:
        raise StartupError(f"{listener}_address 的端口为 0，须先启动枢纽（serve）才能得知实际端口") from error
