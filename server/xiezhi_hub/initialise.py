"""Making a hub: directory, authority, keys, certificate, database, courts, and the first entries of its log."""

from dataclasses import dataclass
from datetime import timedelta

from xiezhi_domain.courts import shipped_courts
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_domain.keyring import Purpose
from xiezhi_domain.rulebook import Rulebook, shipped_rulebook
from xiezhi_domain.terms import EventKind
from xiezhi_hub.config import HubSettings
from xiezhi_hub.directory.courts import add_courts, courts_of_hub, read_tree
from xiezhi_hub.log_head import read_head
from xiezhi_hub.opening import open_journal, read_pins, write_pins
from xiezhi_hub.paths import HubPaths
from xiezhi_hub.ruling.check import CheckedEvent
from xiezhi_hub.ruling.directory import rule_on_directory_event
from xiezhi_hub.ruling.own import own_directory_event
from xiezhi_hub.ruling.rule import Seat
from xiezhi_journal.durable_files import READABLE, replace_file
from xiezhi_journal.headfile import HeadFile
from xiezhi_journal.journal import system_clock
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.migrate import upgrade
from xiezhi_journal.rulebooks import published_body, published_facts
from xiezhi_wire.ca import CertificateAuthority
from xiezhi_wire.certificates import create_key, server_request
from xiezhi_wire.startup import StartupError


def initialise(settings: HubSettings, previous: dict[str, str] | None = None) -> None:
    """Make the hub of *settings*; what an interrupted try has made is kept.

    *previous* names the log that this one follows, where that could not be recovered (ADR 0002).

    :raises StartupError: the database was initialised before.
    """
    paths = HubPaths.of(settings)
    paths.create()
    make_certificates(settings, paths)
    for path in (paths.event_key, paths.log_key):
        if not path.exists():
            SigningKey.generate(path)
    upgrade(settings.database_url)
    journal = open_journal(settings, paths, settings.origin)
    try:
        if journal.read_now(read_pins):
            raise StartupError("枢纽已经初始化，不能重复初始化")
        journal.writer.run_now(_Begin(settings, shipped_rulebook(), previous or {}))
        head = journal.read_now(read_head)
        head_file = HeadFile(paths.head_file)
        head_file.write(head.size, head.root, head.note)
        head_file.close()
    finally:
        journal.close()


def make_certificates(settings: HubSettings, paths: HubPaths) -> None:
    """Make the authority and the server certificate, where there are none."""
    now = system_clock()
    if (paths.authority / "ca.key").exists():
        authority = CertificateAuthority.load(paths.authority)
    else:
        lifetime = timedelta(days=settings.authority_days)
        authority = CertificateAuthority.create(paths.authority, f"{settings.court} hub", now, lifetime)
    if not paths.server_chain.exists():
        issue_server_certificate(settings, paths, authority)


def issue_server_certificate(settings: HubSettings, paths: HubPaths, authority: CertificateAuthority) -> None:
    """Issue the listeners' certificate; a running hub serves it from the next connection on."""
    key = paths.server_key.read_bytes() if paths.server_key.exists() else create_key(paths.server_key)
    lifetime = timedelta(days=settings.server_certificate_days)
    issued = authority.issue_server(server_request(key), settings.certificate_names, system_clock(), lifetime)
    replace_file(paths.server_chain, issued.chain_pem, READABLE)


@dataclass(frozen=True, slots=True)
class _Begin:
    """Work for the writer: the directory, and the first entries of the log: the hub's key, the rulebook."""

    settings: HubSettings
    rulebook: Rulebook
    previous: dict[str, str]

    def prepare(self, ledger: Ledger) -> None:
        """Need nothing."""

    def run(self, ledger: Ledger) -> None:
        """Write them."""
        connection = ledger.connection
        write_pins(connection, {"court": self.settings.court, "origin": self.settings.origin})
        add_courts(connection, courts_of_hub(shipped_courts(), self.settings.court))
        seat = Seat(self.settings.court, self.settings.origin, read_tree(connection))
        self._add_key(ledger, seat)
        self._publish(ledger, seat)

    def _add_key(self, ledger: Ledger, seat: Seat) -> None:
        assert ledger.key is not None, "opened with the hub's event key"
        facts = {
            "purpose": str(Purpose.EVENT),
            "key": ledger.key.key_id,
            "public": format_base64(ledger.key.public_key),
        }
        event = own_directory_event(ledger, seat, EventKind.KEY_ADDED, {**facts})
        _enter(ledger, event, seat, enrolling=True)

    def _publish(self, ledger: Ledger, seat: Seat) -> None:
        facts = published_facts(self.rulebook)
        if self.previous:
            facts |= {f"previous_{name}": value for name, value in self.previous.items()}
        body = published_body(self.rulebook)
        event = own_directory_event(ledger, seat, EventKind.RULEBOOK_PUBLISHED, facts, body)
        _enter(ledger, event, seat)


def _enter(ledger: Ledger, event: CheckedEvent, seat: Seat, *, enrolling: bool = False) -> None:
    ruling = rule_on_directory_event(ledger, event, seat, enrolling=enrolling)
    assert ruling.accepted, f"the hub refused its own first entry: {ruling.reason}"
