"""The services on the node's desk, each with what serves it."""

from functools import partial

from xiezhi.v1 import (
    case_service_pb2,
    case_service_pb2_grpc,
    coordination_service_pb2,
    coordination_service_pb2_grpc,
    deadline_service_pb2,
    deadline_service_pb2_grpc,
    delegation_service_pb2,
    delegation_service_pb2_grpc,
    directory_service_pb2,
    directory_service_pb2_grpc,
    distribution_service_pb2,
    distribution_service_pb2_grpc,
    document_service_pb2,
    document_service_pb2_grpc,
    evidence_service_pb2,
    evidence_service_pb2_grpc,
    export_service_pb2,
    export_service_pb2_grpc,
    field_service_pb2,
    field_service_pb2_grpc,
    find_service_pb2,
    find_service_pb2_grpc,
    handover_service_pb2,
    handover_service_pb2_grpc,
    instruction_service_pb2,
    instruction_service_pb2_grpc,
    leave_service_pb2,
    leave_service_pb2_grpc,
    notification_service_pb2,
    notification_service_pb2_grpc,
    ordered_service_pb2,
    ordered_service_pb2_grpc,
    outside_service_pb2,
    outside_service_pb2_grpc,
    own_rules_service_pb2,
    own_rules_service_pb2_grpc,
    paper_service_pb2,
    paper_service_pb2_grpc,
    query_service_pb2,
    query_service_pb2_grpc,
    receipt_paper_service_pb2,
    receipt_paper_service_pb2_grpc,
    roster_service_pb2,
    roster_service_pb2_grpc,
    trial_service_pb2,
    trial_service_pb2_grpc,
    urged_service_pb2,
    urged_service_pb2_grpc,
    view_service_pb2,
    view_service_pb2_grpc,
)
from xiezhi_desk.accounts.assembly import AccountRules, account_services
from xiezhi_desk.documents.service import DocumentService
from xiezhi_desk.federation.settings import load_federation
from xiezhi_desk.notifying.service import NotificationService
from xiezhi_desk.roster.service import RosterService
from xiezhi_desk.views.service import ViewService
from xiezhi_node.administration.assembly import administration_services
from xiezhi_node.cases.service import CaseService
from xiezhi_node.coordination.service import CoordinationService
from xiezhi_node.deadlines.service import DeadlineService
from xiezhi_node.delegation.service import DelegationService
from xiezhi_node.directory.service import DirectoryService
from xiezhi_node.distribution.service import DistributionService
from xiezhi_node.document_access import NodeDocumentAccess
from xiezhi_node.evidence.paper_service import ReceiptPaperService
from xiezhi_node.evidence.service import EvidenceService
from xiezhi_node.exporting.service import ExportService
from xiezhi_node.fieldwork.service import FieldService
from xiezhi_node.figures.assembly import figure_services
from xiezhi_node.finding.service import FindService
from xiezhi_node.handover.service import HandoverService
from xiezhi_node.instructions.service import InstructionService
from xiezhi_node.leave.owned import require_nothing_owned
from xiezhi_node.leave.service import LeaveService
from xiezhi_node.node import Node
from xiezhi_node.ordered.service import OrderedService
from xiezhi_node.outside.service import OutsideService
from xiezhi_node.own_rules.service import OwnRulesService
from xiezhi_node.papers.letters import Letters
from xiezhi_node.papers.sealing import Sealing
from xiezhi_node.papers.service import PaperService
from xiezhi_node.papers.trial import TemplateTrial
from xiezhi_node.registries.service import QueryService
from xiezhi_node.sheets.printing import Press
from xiezhi_node.trial.service import TrialService
from xiezhi_node.urged.service import UrgedService
from xiezhi_wire.listener import Service


def node_services(node: Node) -> list[Service]:
    """Return what the desk offers."""
    return [
        *_shared(node),
        *_matters(node),
        *_papers(node),
        *figure_services(node),
        *administration_services(node),
        *_beside(node),
    ]


def _shared(node: Node) -> list[Service]:
    """What hub and node offer alike."""
    journal, sessions = node.journal, node.sessions
    access = NodeDocumentAccess(journal, node.seat)
    may_close = partial(require_nothing_owned, clock=journal.clock)
    return [
        *account_services(
            journal,
            node.passwords,
            sessions,
            AccountRules(
                node.settings.paths.account_secret,
                node.second_factor,
                node.settings.sign_in_failures_per_address,
                load_federation(node.settings.federation_file),
                node.settings.sign_ins_per_minute,
            ),
            may_close,
        ),
        Service.of(
            document_service_pb2, document_service_pb2_grpc, DocumentService(journal, node.documents, access)
        ),
        Service.of(view_service_pb2, view_service_pb2_grpc, ViewService(journal)),
        Service.of(
            roster_service_pb2, roster_service_pb2_grpc, RosterService(journal, node.standing.changed.notify)
        ),
        Service.of(
            notification_service_pb2,
            notification_service_pb2_grpc,
            NotificationService(journal, node.notifying.settings),
        ),
        Service.of(
            leave_service_pb2, leave_service_pb2_grpc, LeaveService(journal, node.seat, sessions.forget)
        ),
        Service.of(outside_service_pb2, outside_service_pb2_grpc, OutsideService(journal, node.seat)),
        Service.of(trial_service_pb2, trial_service_pb2_grpc, TrialService(journal)),
        Service.of(
            export_service_pb2,
            export_service_pb2_grpc,
            ExportService(
                journal,
                node.seat,
                node.documents,
                EvidenceService(journal, node.seat, node.hub),
                node.papers.workshop,
            ),
        ),
    ]


def _matters(node: Node) -> list[Service]:
    """What the court's work is about."""
    journal, seat = node.journal, node.seat
    press = Press(str(node.settings.font_directory or ""), node.papers.workshop)
    return [
        Service.of(case_service_pb2, case_service_pb2_grpc, CaseService(journal, seat, node.cases)),
        Service.of(find_service_pb2, find_service_pb2_grpc, FindService(journal, seat)),
        Service.of(delegation_service_pb2, delegation_service_pb2_grpc, DelegationService(journal, seat)),
        Service.of(handover_service_pb2, handover_service_pb2_grpc, HandoverService(journal, seat)),
        Service.of(
            distribution_service_pb2, distribution_service_pb2_grpc, DistributionService(journal, seat, press)
        ),
        Service.of(
            instruction_service_pb2,
            instruction_service_pb2_grpc,
            InstructionService(journal, seat, node.commits),
        ),
        Service.of(ordered_service_pb2, ordered_service_pb2_grpc, OrderedService(journal, seat)),
        Service.of(
            coordination_service_pb2, coordination_service_pb2_grpc, CoordinationService(journal, seat)
        ),
        Service.of(urged_service_pb2, urged_service_pb2_grpc, UrgedService(journal, seat)),
        Service.of(
            query_service_pb2,
            query_service_pb2_grpc,
            QueryService(journal, seat, node.registries, node.commits),
        ),
        Service.of(field_service_pb2, field_service_pb2_grpc, FieldService(journal, seat, press)),
    ]


def _beside(node: Node) -> list[Service]:
    """What the hub knows, handed on."""
    return [
        Service.of(
            deadline_service_pb2,
            deadline_service_pb2_grpc,
            DeadlineService(node.journal, node.seat, node.hub),
        ),
        Service.of(
            directory_service_pb2,
            directory_service_pb2_grpc,
            DirectoryService(node.journal, node.seat, node.hub),
        ),
        Service.of(
            own_rules_service_pb2,
            own_rules_service_pb2_grpc,
            OwnRulesService(node.journal, node.seat, node.standing.changed.notify),
        ),
        Service.of(
            evidence_service_pb2,
            evidence_service_pb2_grpc,
            EvidenceService(node.journal, node.seat, node.hub),
        ),
        Service.of(
            receipt_paper_service_pb2,
            receipt_paper_service_pb2_grpc,
            ReceiptPaperService(
                node.journal,
                node.seat,
                EvidenceService(node.journal, node.seat, node.hub),
                node.settings.witness_policy,
                Press(str(node.settings.font_directory or ""), node.papers.workshop),
            ),
        ),
    ]


def _papers(node: Node) -> list[Service]:
    """What is written, sealed and printed."""
    journal, seat, desk = node.journal, node.seat, node.papers
    fonts = node.settings.font_directory
    service = PaperService(
        journal,
        seat,
        Letters(journal, seat, node.documents, desk.workshop, fonts),
        TemplateTrial(desk.workshop, fonts),
        Sealing(journal, seat, node.documents, desk.examiner, desk.provider),
    )
    return [
        Service.of(paper_service_pb2, paper_service_pb2_grpc, service),
    ]
