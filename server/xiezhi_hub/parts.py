"""What a serving hub is made of; every part is made here, once."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

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
from xiezhi_desk.secret_file import load_or_create_secret
from xiezhi_desk.statistics.bulletin_press import BulletinPress
from xiezhi_desk.statistics.records import MatterRecords
from xiezhi_hub.deadlines.scheduler import Scheduler
from xiezhi_hub.enrolment.certificates import RevocationList
from xiezhi_hub.enrolment.listed import CertificateList
from xiezhi_hub.enrolment.service import Enrolment, EnrolmentService
from xiezhi_hub.event_key import EventKeyExchange
from xiezhi_hub.feeding import Feeds
from xiezhi_hub.head_keeping import HeadKeeper
from xiezhi_hub.link_port import HubLinkPort
from xiezhi_hub.log_head import head_of
from xiezhi_hub.log_key_following import LogKeyFollowing
from xiezhi_hub.notifying.own_notices import OwnNotices
from xiezhi_hub.notifying.rulings import Rulings
from xiezhi_hub.opening import Hub
from xiezhi_hub.own_doings import OwnDoings
from xiezhi_hub.paths import public_address
from xiezhi_hub.recovery.gate import Gate
from xiezhi_hub.recovery.recovery import Recovery
from xiezhi_hub.related.service import QueryLimits, RelatedCases
from xiezhi_hub.ruling.intake import Intake
from xiezhi_hub.witnesses.gathering import Witnesses
from xiezhi_journal.erasures import HUB
from xiezhi_journal.headfile import HeadFile
from xiezhi_journal.ledger import Ledger
from xiezhi_journal.misconduct import MisconductFiles
from xiezhi_link.hub_end import LinkServicer
from xiezhi_link.settings import LANES, HubEndSettings
from xiezhi_link.signal import Signal
from xiezhi_papers.workshop import Workshop
from xiezhi_wire.second_factor import SecondFactorDemand
from xiezhi_wire.streams import LiveStreams

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one serving hub."""

    hub: Hub
    streams: LiveStreams
    gate: Gate
    recovery: Recovery
    head_file: HeadFile
    head_keeper: HeadKeeper
    feeds: Feeds
    intake: Intake
    link: LinkServicer
    link_port: HubLinkPort
    witnesses: Witnesses
    enrolment: EnrolmentService
    revocations: RevocationList
    passwords: Passwords
    sessions: Sessions
    documents: Documents
    scheduler: Scheduler
    records: MatterRecords
    related: RelatedCases
    press: BulletinPress
    commits: Signal
    notifying: Notifying
    eraser: Eraser
    look_sealer: LookSealer
    event_key: EventKeyExchange
    log_keys: LogKeyFollowing

    @property
    def second_factor(self) -> SecondFactorDemand:
        """What the court demands of approvals and seals."""
        settings = self.hub.settings
        return SecondFactorDemand(
            settings.second_factor_for_approvals, settings.second_factor_minutes, self.hub.journal.clock
        )

    def committed(self, ledger: Ledger) -> None:
        """Take over what is on disk now, before anybody is answered; on the writer's thread."""
        self.feeds.committed(ledger)
        head = head_of(ledger)
        if head is not None:
            self.head_keeper.keep(head)

    async def close(self) -> None:
        """Let go of everything; what waits for the writer is finished first."""
        self.intake.close()
        self.passwords.close()
        await self.notifying.close()
        self.hub.journal.close()
        self.head_file.close()


def assemble(hub: Hub, passwords: Passwords | None = None, workshop: Workshop | None = None) -> Parts:
    """Return the parts of *hub*, put together; nothing runs yet. *passwords* makes and checks hashes its own way.

    Papers are made in a *workshop*, which whoever made it starts and closes; without one they cannot be had.
    """
    journal, seat, streams = hub.journal, hub.seat, LiveStreams(hub.settings.streams_per_account)
    gate, commits = Gate(), Signal()
    recovery, intake = Recovery(journal, seat, gate), Intake(journal, seat)
    feeds = Feeds(journal)
    misconduct = MisconductFiles(hub.paths.misconduct)
    port = HubLinkPort(journal, seat, gate, recovery, intake, feeds, commits, misconduct)
    witnesses = Witnesses(journal, gate)
    link = LinkServicer(port, witnesses, _link_settings(hub))
    head_file = HeadFile(hub.paths.head_file)
    revocations = RevocationList(journal, streams, CertificateList(hub.paths.certificates))
    documents, doings = Documents(journal, FileStorage(hub.paths.documents)), OwnDoings(journal, seat, gate)
    listed = ErasureList(hub.paths.erasures)
    parts = Parts(
        hub=hub,
        streams=streams,
        gate=gate,
        recovery=recovery,
        head_file=head_file,
        head_keeper=HeadKeeper(head_file),
        feeds=feeds,
        intake=intake,
        link=link,
        link_port=port,
        witnesses=witnesses,
        enrolment=EnrolmentService(journal, seat, gate, _enrolment(hub, link, revocations)),
        revocations=revocations,
        passwords=passwords or Passwords(),
        sessions=Sessions(journal, SessionLimits(of_one_account=hub.settings.sessions_per_account)),
        documents=documents,
        scheduler=Scheduler(journal, seat, gate),
        records=MatterRecords(journal, seat.court),
        related=_related(hub),
        press=BulletinPress(str(hub.settings.font_directory or ""), workshop or Workshop()),
        commits=commits,
        notifying=Notifying.around(journal, hub.settings.notifications_file, partial(_followed, hub)),
        eraser=Eraser(journal, documents, listed, doings.answer, forget=feeds.forget),
        look_sealer=LookSealer(journal, seat.court, HUB, doings.seal_looks),
        event_key=EventKeyExchange(hub.paths.event_key, journal, seat, gate),
        log_keys=LogKeyFollowing(hub.paths, journal, gate),
    )
    journal.after_commit = parts.committed
    journal.writer.on_commit(commits.notify)
    return parts


def _followed(hub: Hub, notifying: NotifyingSettings) -> list[Source]:
    journal, court, rules = hub.journal, hub.seat.court, notifying.rules
    return [Rulings(journal, court, rules), OwnNotices(journal, court, rules)]


def _related(hub: Hub) -> RelatedCases:
    settings = hub.settings
    limits = QueryLimits(settings.related_queries_per_person, settings.related_queries_per_court)
    secret = load_or_create_secret(hub.paths.mark_secret, "关联案件密钥")
    return RelatedCases(hub.journal, secret, hub.seat.origin, limits)


def _link_settings(hub: Hub) -> HubEndSettings:
    lane = hub.settings.lane_window_mib * MIB
    windows = {int(each): lane for each in LANES}
    return HubEndSettings(lane_window_bytes=windows, push_window_bytes=hub.settings.push_window_mib * MIB)


def _enrolment(hub: Hub, link: LinkServicer, revocations: RevocationList) -> Enrolment:
    return Enrolment(
        authorities=hub.authorities,
        lifetime=timedelta(days=hub.settings.node_certificate_days),
        link_address=partial(public_address, hub.settings, hub.paths, "link"),
        announce=link.announce,
        handed_out=revocations.refresh,
    )
