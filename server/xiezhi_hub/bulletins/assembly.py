"""The services of figures on the hub's listeners, all over the same records."""

from collections.abc import Collection
from functools import partial

from xiezhi.v1 import (
    bulletin_editor_service_pb2,
    bulletin_editor_service_pb2_grpc,
    bulletin_service_pb2,
    bulletin_service_pb2_grpc,
    statistics_service_pb2,
    statistics_service_pb2_grpc,
)
from xiezhi_desk.statistics.service import StatisticsService
from xiezhi_domain.indicators import shipped_edition
from xiezhi_hub.bulletins.editor import BulletinEditorService
from xiezhi_hub.bulletins.service import BulletinService
from xiezhi_hub.confidentiality import current_reader
from xiezhi_hub.parts import Parts
from xiezhi_wire.listener import Service


def bulletins_for_all(parts: Parts) -> Service:
    """Return what courts' nodes and the hub's people are offered alike."""
    hub = parts.hub
    return Service(
        bulletin_service_pb2.DESCRIPTOR.services_by_name["BulletinService"],
        bulletin_service_pb2_grpc.add_BulletinServiceServicer_to_server,
        BulletinService(hub.journal, hub.seat, parts.records, shipped_edition(), parts.press),
    )


def figures_for_people(parts: Parts) -> list[Service]:
    """Return what the hub's people are offered."""
    hub, edition = parts.hub, shipped_edition()
    courts = hub.seat.courts.subtree(hub.seat.court)

    async def known(matters: Collection[str]) -> frozenset[str]:
        return await hub.journal.read(partial(current_reader(hub.journal).known, matters=matters))

    return [
        bulletins_for_all(parts),
        Service(
            statistics_service_pb2.DESCRIPTOR.services_by_name["StatisticsService"],
            statistics_service_pb2_grpc.add_StatisticsServiceServicer_to_server,
            StatisticsService(parts.records, edition, hub.seat.court, courts, hub.journal.clock, known),
        ),
        Service(
            bulletin_editor_service_pb2.DESCRIPTOR.services_by_name["BulletinEditorService"],
            bulletin_editor_service_pb2_grpc.add_BulletinEditorServiceServicer_to_server,
            BulletinEditorService(hub.journal, hub.seat, parts.gate, parts.records, edition),
        ),
    ]
