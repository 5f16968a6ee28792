"""An opened hub: its journal, its keys, its seat."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, select

from xiezhi_domain.errors import FormatError
from xiezhi_hub.config import HubSettings
from xiezhi_hub.directory.courts import read_tree
from xiezhi_hub.enrolment.authorities import Authorities
from xiezhi_hub.hub_journal import HubJournal
from xiezhi_hub.log_keys import load_log_signer
from xiezhi_hub.paths import HubPaths
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.migrate import is_current
from xiezhi_journal.rulebooks import read_rulebooks
from xiezhi_journal.tables import pin as pin_table
from xiezhi_wire.ca import CertificateAuthority
from xiezhi_wire.startup import StartupError

LoadedT = TypeVar("LoadedT")


@dataclass(frozen=True, slots=True)
class Hub:
    """What the hub's program and its commands work with. The journal's writer is not started."""

    settings: HubSettings
    paths: HubPaths
    journal: HubJournal
    seat: Seat
    authorities: Authorities

    @property
    def authority(self) -> CertificateAuthority:
        """The authority of the listeners, as it is now."""
        return self.authorities.current


def open_hub(settings: HubSettings) -> Hub:
    """Return the hub of *settings*.

    :raises StartupError: it was not initialised, or database or keys are not in order.
    """
    paths, url = HubPaths.of(settings), settings.database_url
    if not is_current(url):
        raise StartupError("数据库尚未建立或结构不是当前版本，请运行 xiezhi-hub init 或 xiezhi-hub migrate")
    journal = open_journal(settings, paths, settings.origin)
    pins = journal.read_now(read_pins)
    check_pins(settings, pins)
    journal.rulebooks.update(journal.read_now(read_rulebooks))
    seat = Seat(settings.court, pins["origin"], journal.read_now(read_tree))
    authorities = Authorities(paths.authority)
    load_file("证书签发机构", authorities.write_trust)
    return Hub(settings, paths, journal, seat, authorities)


def open_journal(settings: HubSettings, paths: HubPaths, origin: str) -> HubJournal:
    """Return the journal; neither its schema nor what is pinned in it was looked at.

    :raises StartupError: a key cannot be read.
    """
    event_key = load_file("签名密钥", lambda: SigningKey.load(paths.event_key))
    signer = load_file("日志密钥", lambda: load_log_signer(paths, origin))
    return HubJournal(settings.database_url, court=settings.court, key=event_key, signer=signer)


def read_pins(connection: Connection) -> dict[str, str]:
    """Return what this database was initialised for; empty before."""
    return {row.name: row.value for row in connection.execute(select(pin_table))}


def write_pins(connection: Connection, pins: dict[str, str]) -> None:
    """Keep what this database is initialised for."""
    insert_rows(connection, pin_table, list(pins.items()))


def check_pins(settings: HubSettings, pins: dict[str, str]) -> None:
    """Refuse a database that belongs to another hub.

    :raises StartupError: it does, or to none yet.
    """
    if not pins:
        raise StartupError("枢纽尚未初始化，请先运行 xiezhi-hub init")
    for key in ("court", "origin"):
        if pins[key] != getattr(settings, key):
            raise StartupError(f"配置项 {key} 与数据库中登记的不同，应为 {pins[key]}")


def load_file(what: str, load: Callable[[], LoadedT]) -> LoadedT:
    """Return what *load* loads.

    :raises StartupError: a file is missing or is not what it should be.
    """
    try:
        return load()
    except OSError as error:
        raise StartupError(f"{what}无法读取（{error.filename}）：{error.strerror}") from error
    except (ValueError, FormatError) as error:
        raise StartupError(f"{what}不是所需的文件：{error}") from error
