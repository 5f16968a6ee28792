"""The hub's three listeners: what each serves, to whom, by which table (protocol §13)."""

import time
from collections.abc import Sequence
from functools import partial
from typing import Final

from prometheus_client import CollectorRegistry

from xiezhi.v1 import (
    directory_service_pb2,
    directory_service_pb2_grpc,
    document_service_pb2,
    document_service_pb2_grpc,
    enrolment_service_pb2,
    enrolment_service_pb2_grpc,
    evidence_service_pb2,
    evidence_service_pb2_grpc,
    feed_proof_service_pb2,
    feed_proof_service_pb2_grpc,
    link_service_pb2,
    link_service_pb2_grpc,
    notification_service_pb2,
    notification_service_pb2_grpc,
    own_rules_service_pb2,
    own_rules_service_pb2_grpc,
    related_case_service_pb2,
    related_case_service_pb2_grpc,
    roster_service_pb2,
    roster_service_pb2_grpc,
    supervision_service_pb2,
    supervision_service_pb2_grpc,
    view_service_pb2,
    view_service_pb2_grpc,
)
from xiezhi.v1.link_service_pb2 import DirectoryUpdate
from xiezhi_desk.accounts.assembly import AccountRules, account_services
from xiezhi_desk.documents.service import DocumentService
from xiezhi_desk.federation.settings import load_federation
from xiezhi_desk.notifying.service import NotificationService
from xiezhi_desk.roster.service import RosterService
from xiezhi_desk.views.service import ViewService
from xiezhi_hub.admission.assembly import administration_services
from xiezhi_hub.bulletins.assembly import bulletins_for_all, figures_for_people
from xiezhi_hub.deadlines.assembly import deadlines_for_nodes, deadlines_for_people
from xiezhi_hub.directory.service import DirectoryService
from xiezhi_hub.document_access import HubDocumentAccess
from xiezhi_hub.enrolment.tokens import JoinTokens
from xiezhi_hub.evidence.feed_proofs import FeedProofService
from xiezhi_hub.evidence.service import EvidenceService
from xiezhi_hub.own_rules.service import OwnRulesService
from xiezhi_hub.parts import Parts
from xiezhi_hub.policies import load_policy
from xiezhi_hub.superior.assembly import services_of_superior
from xiezhi_hub.supervision.service import SupervisionService
from xiezhi_wire.accounting import Accounting
from xiezhi_wire.credentials import Authenticator, bearer, join_token, node_certificate
from xiezhi_wire.forwarding import Forwarding
from xiezhi_wire.interceptors import ChainParts, standard_chain
from xiezhi_wire.limits import RateLimiter
from xiezhi_wire.listener import Listener, ListenerSettings, Service
from xiezhi_wire.startup import StartupError

_ASK_AGAIN: Final = DirectoryUpdate(ask_again=True)


def make_listeners(parts: Parts, registry: CollectorRegistry) -> list[Listener]:
    """Return the listeners: link, desk, join.

    :raises StartupError: a policy table has a gap.
    """
    journal = parts.hub.journal
    accounting = Accounting(registry)
    by_certificate = node_certificate(journal.clock, parts.revocations.is_revoked)
    return [
        _listener(parts, accounting, "link", link_services(parts), by_certificate),
        _listener(parts, accounting, "desk", desk_services(parts), bearer(parts.sessions)),
        _listener(parts, accounting, "join", join_services(parts), join_token(JoinTokens(journal))),
    ]


def link_services(parts: Parts) -> list[Service]:
    """Return what nodes are offered."""
    link = Service(
        link_service_pb2.DESCRIPTOR.services_by_name["LinkService"],
        link_service_pb2_grpc.add_LinkServiceServicer_to_server,
        parts.link,
    )
    proofs = Service(
        feed_proof_service_pb2.DESCRIPTOR.services_by_name["FeedProofService"],
        feed_proof_service_pb2_grpc.add_FeedProofServiceServicer_to_server,
        FeedProofService(parts.hub.journal),
    )
    return [
        link,
        proofs,
        deadlines_for_nodes(parts),
        bulletins_for_all(parts),
        *_shared(parts),
        *join_services(parts),
    ]


def desk_services(parts: Parts) -> list[Service]:
    """Return what the hub's people and programs are offered."""
    journal, sessions = parts.hub.journal, parts.sessions
    rules = AccountRules(
        parts.hub.paths.account_secret,
        parts.second_factor,
        parts.hub.settings.sign_in_failures_per_address,
        load_federation(parts.hub.settings.federation_file),
        parts.hub.settings.sign_ins_per_minute,
    )
    accounts = account_services(journal, parts.passwords, sessions, rules)
    roster = Service(
        roster_service_pb2.DESCRIPTOR.services_by_name["RosterService"],
        roster_service_pb2_grpc.add_RosterServiceServicer_to_server,
        RosterService(journal),
    )
    notifications = Service(
        notification_service_pb2.DESCRIPTOR.services_by_name["NotificationService"],
        notification_service_pb2_grpc.add_NotificationServiceServicer_to_server,
        NotificationService(journal, parts.notifying.settings),
    )
    supervision = Service(
        supervision_service_pb2.DESCRIPTOR.services_by_name["SupervisionService"],
        supervision_service_pb2_grpc.add_SupervisionServiceServicer_to_server,
        SupervisionService(journal, parts.hub.seat, lambda: parts.link.connected),
    )
    views = Service(
        view_service_pb2.DESCRIPTOR.services_by_name["ViewService"],
        view_service_pb2_grpc.add_ViewServiceServicer_to_server,
        ViewService(journal),
    )
    return [
        *accounts,
        roster,
        notifications,
        supervision,
        *administration_services(parts),
        views,
        *deadlines_for_people(parts),
        *figures_for_people(parts),
        *services_of_superior(parts),
        *_shared(parts),
    ]


def join_services(parts: Parts) -> list[Service]:
    """Return what joining courts are offered; on the link listener, what renews certificates."""
    return [
        Service(
            enrolment_service_pb2.DESCRIPTOR.services_by_name["EnrolmentService"],
            enrolment_service_pb2_grpc.add_EnrolmentServiceServicer_to_server,
            parts.enrolment,
        )
    ]


def _shared(parts: Parts) -> list[Service]:
    journal, seat = parts.hub.journal, parts.hub.seat
    return [
        Service(
            document_service_pb2.DESCRIPTOR.services_by_name["DocumentService"],
            document_service_pb2_grpc.add_DocumentServiceServicer_to_server,
            DocumentService(journal, parts.documents, HubDocumentAccess(journal, parts.gate)),
        ),
        Service(
            evidence_service_pb2.DESCRIPTOR.services_by_name["EvidenceService"],
            evidence_service_pb2_grpc.add_EvidenceServiceServicer_to_server,
            EvidenceService(journal),
        ),
        Service(
            directory_service_pb2.DESCRIPTOR.services_by_name["DirectoryService"],
            directory_service_pb2_grpc.add_DirectoryServiceServicer_to_server,
            DirectoryService(journal, seat, parts.gate, partial(parts.link.announce, _ASK_AGAIN)),
        ),
        Service(
            own_rules_service_pb2.DESCRIPTOR.services_by_name["OwnRulesService"],
            own_rules_service_pb2_grpc.add_OwnRulesServiceServicer_to_server,
            OwnRulesService(journal, seat, parts.gate, partial(parts.link.announce, _ASK_AGAIN)),
        ),
        Service(
            related_case_service_pb2.DESCRIPTOR.services_by_name["RelatedCaseService"],
            related_case_service_pb2_grpc.add_RelatedCaseServiceServicer_to_server,
            parts.related,
        ),
    ]


def _listener(
    parts: Parts,
    accounting: Accounting,
    name: str,
    services: Sequence[Service],
    authenticator: Authenticator,
) -> Listener:
    settings = parts.hub.settings
    policy = load_policy(name)
    missing = policy.missing(service.descriptor for service in services)
    if missing:
        raise StartupError(f"the policy of listener {name} has no row for {', '.join(missing)}")
    limiter = RateLimiter(settings.calls_per_second, settings.calls_at_once, _monotonic_ms)
    chain = standard_chain(
        ChainParts(
            accounting,
            [authenticator],
            policy,
            limiter,
            parts.streams,
            second_factor=parts.second_factor,
            forwarding=Forwarding(settings.workbench_secret if name == "desk" else ""),
        )
    )
    listener = ListenerSettings(
        name=name,
        address=str(getattr(settings, f"{name}_address")),
        material=parts.hub.paths.material,
        require_client=name == "link",
        reflection=settings.reflection,
    )
    return Listener(listener, services, [chain])


def _monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000
