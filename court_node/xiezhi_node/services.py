"""The services on the node's desk, each with what serves it."""

from functools import partial

from xiezhi.v1 import (
    account_service_pb2,
    account_service_pb2_grpc,
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
    roster_service_pb2,
    roster_service_pb2_grpc,
    trial_service_pb2,
    trial_service_pb2_grpc,
    urged_service_pb2,
    urged_service_pb2_grpc,
    view_service_pb2,
    view_service_pb2_grpc,
)
from xiezhi_desk.accounts.authentication import Authentication
from xiezhi_desk.accounts.service import AccountService
from xiezhi_desk.documents.service import DocumentService
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
    authentication = Authentication(journal, node.passwords)
    access = NodeDocumentAccess(journal, node.seat)
    may_close = partial(require_nothing_owned, clock=journal.clock)
    return [
        Service(
            account_service_pb2.DESCRIPTOR.services_by_name["AccountService"],
            account_service_pb2_grpc.add_AccountServiceServicer_to_server,
            AccountService(journal, node.passwords, sessions, authentication, may_close),
        ),
        Service(
            document_service_pb2.DESCRIPTOR.services_by_name["DocumentService"],
            document_service_pb2_grpc.add_DocumentServiceServicer_to_server,
            DocumentService(journal, node.documents, access),
        ),
        Service(
            view_service_pb2.DESCRIPTOR.services_by_name["ViewService"],
            view_service_pb2_grpc.add_ViewServiceServicer_to_server,
            ViewService(journal),
        ),
        Service(
            roster_service_pb2.DESCRIPTOR.services_by_name["RosterService"],
            roster_service_pb2_grpc.add_RosterServiceServicer_to_server,
            RosterService(journal, node.standing.changed.notify),
        ),
        Service(
            notification_service_pb2.DESCRIPTOR.services_by_name["NotificationService"],
            notification_service_pb2_grpc.add_NotificationServiceServicer_to_server,
            NotificationService(journal, node.notifying.settings),
        ),
        Service(
            leave_service_pb2.DESCRIPTOR.services_by_name["LeaveService"],
            leave_service_pb2_grpc.add_LeaveServiceServicer_to_server,
            LeaveService(journal, node.seat, sessions.forget),
        ),
        Service(
            outside_service_pb2.DESCRIPTOR.services_by_name["OutsideService"],
            outside_service_pb2_grpc.add_OutsideServiceServicer_to_server,
            OutsideService(journal, node.seat),
        ),
        Service(
            trial_service_pb2.DESCRIPTOR.services_by_name["TrialService"],
            trial_service_pb2_grpc.add_TrialServiceServicer_to_server,
            TrialService(journal),
        ),
        Service(
            export_service_pb2.DESCRIPTOR.services_by_name["ExportService"],
            export_service_pb2_grpc.add_ExportServiceServicer_to_server,
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
    return [
        Service(
            case_service_pb2.DESCRIPTOR.services_by_name["CaseService"],
            case_service_pb2_grpc.add_CaseServiceServicer_to_server,
            CaseService(node.journal, node.seat, node.cases),
        ),
        Service(
            find_service_pb2.DESCRIPTOR.services_by_name["FindService"],
            find_service_pb2_grpc.add_FindServiceServicer_to_server,
            FindService(node.journal, node.seat),
        ),
        Service(
            delegation_service_pb2.DESCRIPTOR.services_by_name["DelegationService"],
            delegation_service_pb2_grpc.add_DelegationServiceServicer_to_server,
            DelegationService(node.journal, node.seat),
        ),
        Service(
            handover_service_pb2.DESCRIPTOR.services_by_name["HandoverService"],
            handover_service_pb2_grpc.add_HandoverServiceServicer_to_server,
            HandoverService(node.journal, node.seat),
        ),
        Service(
            distribution_service_pb2.DESCRIPTOR.services_by_name["DistributionService"],
            distribution_service_pb2_grpc.add_DistributionServiceServicer_to_server,
            DistributionService(
                node.journal, node.seat, Press(str(node.settings.font_directory or ""), node.papers.workshop)
            ),
        ),
        Service(
            instruction_service_pb2.DESCRIPTOR.services_by_name["InstructionService"],
            instruction_service_pb2_grpc.add_InstructionServiceServicer_to_server,
            InstructionService(node.journal, node.seat, node.commits),
        ),
        Service(
            ordered_service_pb2.DESCRIPTOR.services_by_name["OrderedService"],
            ordered_service_pb2_grpc.add_OrderedServiceServicer_to_server,
            OrderedService(node.journal, node.seat),
        ),
        Service(
            coordination_service_pb2.DESCRIPTOR.services_by_name["CoordinationService"],
            coordination_service_pb2_grpc.add_CoordinationServiceServicer_to_server,
            CoordinationService(node.journal, node.seat),
        ),
        Service(
            urged_service_pb2.DESCRIPTOR.services_by_name["UrgedService"],
            urged_service_pb2_grpc.add_UrgedServiceServicer_to_server,
            UrgedService(node.journal, node.seat),
        ),
        Service(
            query_service_pb2.DESCRIPTOR.services_by_name["QueryService"],
            query_service_pb2_grpc.add_QueryServiceServicer_to_server,
            QueryService(node.journal, node.seat, node.registries, node.commits),
        ),
        Service(
            field_service_pb2.DESCRIPTOR.services_by_name["FieldService"],
            field_service_pb2_grpc.add_FieldServiceServicer_to_server,
            FieldService(
                node.journal, node.seat, Press(str(node.settings.font_directory or ""), node.papers.workshop)
            ),
        ),
    ]


def _beside(node: Node) -> list[Service]:
    """What the hub knows, handed on."""
    return [
        Service(
            deadline_service_pb2.DESCRIPTOR.services_by_name["DeadlineService"],
            deadline_service_pb2_grpc.add_DeadlineServiceServicer_to_server,
            DeadlineService(node.journal, node.seat, node.hub),
        ),
        Service(
            directory_service_pb2.DESCRIPTOR.services_by_name["DirectoryService"],
            directory_service_pb2_grpc.add_DirectoryServiceServicer_to_server,
            DirectoryService(node.journal, node.seat, node.hub),
        ),
        Service(
            own_rules_service_pb2.DESCRIPTOR.services_by_name["OwnRulesService"],
            own_rules_service_pb2_grpc.add_OwnRulesServiceServicer_to_server,
            OwnRulesService(node.journal, node.seat, node.standing.changed.notify),
        ),
        Service(
            evidence_service_pb2.DESCRIPTOR.services_by_name["EvidenceService"],
            evidence_service_pb2_grpc.add_EvidenceServiceServicer_to_server,
            EvidenceService(node.journal, node.seat, node.hub),
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
        Service(
            paper_service_pb2.DESCRIPTOR.services_by_name["PaperService"],
            paper_service_pb2_grpc.add_PaperServiceServicer_to_server,
            service,
        ),
    ]
