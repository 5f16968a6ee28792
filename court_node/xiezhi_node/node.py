"""An opened node: its journal, its seat, its documents, its side of the link."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from xiezhi_desk.accounts.passwords import Passwords
from xiezhi_desk.accounts.session import SessionLimits
from xiezhi_desk.accounts.sessions import Sessions
from xiezhi_desk.documents.documents import Documents
from xiezhi_desk.documents.files import FileStorage
from xiezhi_desk.erasing.eraser import Eraser
from xiezhi_desk.erasing.listed import ErasureList
from xiezhi_desk.notifying.gathering import Source
from xiezhi_desk.notifying.notifying import Notifying
from xiezhi_desk.notifying.settings import NotifyingSettings
from xiezhi_desk.sealing_looks import LookSealer
from xiezhi_domain.errors import FormatError
from xiezhi_journal.erasures import NODE
from xiezhi_journal.headfile import HeadFile
from xiezhi_journal.journal import Journal
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.migrate import is_current
from xiezhi_journal.misconduct import MisconductFiles
from xiezhi_journal.rulebooks import read_rulebooks
from xiezhi_link.hub_channel import HubChannel
from xiezhi_link.node_end import LinkClient
from xiezhi_link.signal import Signal
from xiezhi_node.cases.desk import CaseDesk
from xiezhi_node.cases.source import CaseSource, source_address
from xiezhi_node.config import NodeSettings
from xiezhi_node.directory.standing import Standing
from xiezhi_node.erasing import answer_order
from xiezhi_node.key_change import KeyExchange
from xiezhi_node.leave.store import stands_in_for
from xiezhi_node.link_port import NodeLinkPort
from xiezhi_node.look_sealing import seal_looks
from xiezhi_node.notifying.changes import Changes
from xiezhi_node.notifying.hub_notices import HubNotices
from xiezhi_node.own_rules.telling import RulesTelling
from xiezhi_node.papers.desk import PaperDesk
from xiezhi_node.pins import read_pins, seat_of
from xiezhi_node.registries.desk import RegistryDesk
from xiezhi_node.registries.settings import load_registries
from xiezhi_node.renewing import CertificateRenewal
from xiezhi_node.rulebooks_in_force import RulebooksInForce
from xiezhi_node.seat import Seat
from xiezhi_node.signed_position import SignedPosition
from xiezhi_node.state import read_journal_position
from xiezhi_node.traffic.bring import DocumentBringer
from xiezhi_node.traffic.fetch import DocumentFetcher
from xiezhi_node.traffic.rulebooks import RulebookSource
from xiezhi_node.trusting import follow_log_keys
from xiezhi_node.witnessing.proving import LogProver, ask_for_items
from xiezhi_node.witnessing.witness import Witness, ask_hub
from xiezhi_papers.workshop import Workshop
from xiezhi_wire.second_factor import SecondFactorDemand
from xiezhi_wire.startup import StartupError
from xiezhi_wire.tls import ClientMaterial


@dataclass(frozen=True, slots=True)
class Node:
    """What a node's program is made of."""

    settings: NodeSettings
    journal: Journal
    seat: Seat
    commits: Signal
    documents: Documents
    passwords: Passwords
    sessions: Sessions
    hub: HubChannel
    link: LinkClient
    fetcher: DocumentFetcher
    prover: LogProver
    renewal: CertificateRenewal
    keys: KeyExchange
    standing: Standing
    cases: CaseDesk
    papers: PaperDesk
    registries: RegistryDesk
    signed: SignedPosition
    notifying: Notifying
    eraser: Eraser
    look_sealer: LookSealer

    @property
    def second_factor(self) -> SecondFactorDemand:
        """What the court demands of approvals and seals."""
        settings = self.settings
        return SecondFactorDemand(
            settings.second_factor_for_approvals, settings.second_factor_minutes, self.journal.clock
        )

    async def close(self) -> None:
        """Let go of everything; what waits for the writer is finished first."""
        self.passwords.close()
        await self.cases.source.close()
        await self.registries.close()
        await self.notifying.close()
        self.journal.close()


def open_journal(settings: NodeSettings) -> Journal:
    """Return the journal of a node, joined or not; its writer is not started.

    :raises StartupError: the database has another schema, or the keys cannot be read.
    """
    url = settings.database_url
    if not is_current(url):
        raise StartupError("数据库结构不是当前版本，请先运行 xiezhi-node migrate")
    return Journal(url, key=_key(settings.paths.event_key))


def _key(path: Path) -> SigningKey | None:
    """Return a key of the court, None before it was made."""
    try:
        return SigningKey.load(path) if path.exists() else None
    except (OSError, ValueError, FormatError) as error:
        raise StartupError(f"签名密钥 {path} 无法读取或不是密钥文件，请从备份恢复") from error


def open_node(settings: NodeSettings, workshop: Workshop) -> Node:
    """Return the node of *settings*; its journal takes work. Who made the *workshop* starts and closes it.

    :raises StartupError: it has not joined, or a file or the database is not in order.
    """
    journal = open_journal(settings)
    pins = journal.read_now(read_pins)
    if pins is None:
        raise StartupError("本节点尚未加入平台，请先运行 xiezhi-node join <加入令牌>")
    if journal.key is None:
        raise StartupError(f"签名密钥 {settings.paths.event_key} 不存在，请从备份恢复")
    journal.court = pins.court
    journal.rulebooks.update(journal.read_now(read_rulebooks))
    rulebooks = RulebooksInForce(journal.rulebooks, journal.clock)
    seat = journal.read_now(lambda connection: seat_of(connection, pins, rulebooks))
    signed = SignedPosition(settings.paths.signed_position, seat.catching_up)
    if signed.doubts(journal.read_now(read_journal_position)):
        seat.catching_up.doubt()
    journal.after_commit = signed.keep
    commits = Signal()
    journal.writer.on_commit(commits.notify)
    papers = PaperDesk.around(settings, workshop, journal)
    documents = Documents(journal, FileStorage(settings.paths.documents), examiner=papers.examiner)
    paths = settings.paths
    hub = HubChannel(pins.link_address, ClientMaterial(paths.hub_authority, paths.tls_chain, paths.tls_key))
    standing = Standing(journal, hub, Signal(), [RulesTelling(journal, hub).exchange])
    bringer, rulebook_source = DocumentBringer(hub, documents), RulebookSource(hub, journal)
    witness = Witness(
        journal,
        seat,
        _key(paths.cosign_key),
        settings.witness_policy,
        ask_hub(hub),
        MisconductFiles(paths.misconduct),
        HeadFile(paths.cosigned),
    )
    port = NodeLinkPort(journal, seat, commits, bringer, rulebook_source, witness, standing.changed.notify)
    link = LinkClient(port, hub)
    source = CaseSource(source_address(settings))
    return Node(
        settings=settings,
        journal=journal,
        seat=seat,
        commits=commits,
        documents=documents,
        passwords=Passwords(),
        sessions=Sessions(
            journal, SessionLimits(of_one_account=settings.sessions_per_account), stands_in_for
        ),
        hub=hub,
        link=link,
        fetcher=DocumentFetcher(hub, documents, journal, seat, commits),
        prover=LogProver(journal, ask_for_items(hub), ask_hub(hub)),
        renewal=CertificateRenewal(
            paths,
            pins.court,
            hub,
            link.certificate_changed,
            journal.clock,
            partial(follow_log_keys, journal, seat),
        ),
        keys=KeyExchange(paths, journal, seat, witness.cosign_with),
        standing=standing,
        cases=CaseDesk.around(journal, seat, source, documents, hub, commits),
        papers=papers,
        registries=RegistryDesk.around(journal, seat, load_registries(settings.registries_file), commits),
        signed=signed,
        notifying=Notifying.around(
            journal, settings.notifications_file, partial(_followed, journal, seat, hub)
        ),
        eraser=Eraser(journal, documents, ErasureList(paths.erasures), partial(answer_order, journal, seat)),
        look_sealer=LookSealer(journal, pins.court, NODE, partial(seal_looks, journal, seat)),
    )


def _followed(journal: Journal, seat: Seat, hub: HubChannel, notifying: NotifyingSettings) -> list[Source]:
    rules = notifying.rules
    return [Changes(journal, seat, rules), HubNotices(journal, seat, rules, hub)]
