"""The services of figures and sheets on a node's desk, all over the same records."""

from collections.abc import Collection
from functools import partial

from xiezhi.v1 import (
    bulletin_service_pb2,
    bulletin_service_pb2_grpc,
    ledger_service_pb2,
    ledger_service_pb2_grpc,
    statistics_service_pb2,
    statistics_service_pb2_grpc,
)
from xiezhi_desk.statistics.bulletin_press import BulletinPress
from xiezhi_desk.statistics.records import MatterRecords
from xiezhi_desk.statistics.service import StatisticsService
from xiezhi_domain.indicators import shipped_edition
from xiezhi_journal.restrictions import readable_among
from xiezhi_node.figures.bulletins import BulletinService
from xiezhi_node.figures.outside import outside_records
from xiezhi_node.node import Node
from xiezhi_node.sheets.layout import load_layouts
from xiezhi_node.sheets.printing import Press
from xiezhi_node.sheets.service import LedgerService, Printer
from xiezhi_wire.caller import current_caller
from xiezhi_wire.listener import Service


def figure_services(node: Node) -> list[Service]:
    """Return what the court's people are offered.

    :raises StartupError: the file of the sheets' columns is not in order.
    """
    journal, seat, settings = node.journal, node.seat, node.settings
    records = MatterRecords(journal, seat.hub_court, partial(outside_records, court=seat.court))
    press = Press(str(settings.font_directory or ""), node.papers.workshop)

    async def known(matters: Collection[str]) -> frozenset[str]:
        return await journal.read(partial(readable_among, matters=matters, roles=current_caller().roles))

    printing = BulletinPress(press.font_directory, press.workshop)
    return [
        Service(
            statistics_service_pb2.DESCRIPTOR.services_by_name["StatisticsService"],
            statistics_service_pb2_grpc.add_StatisticsServiceServicer_to_server,
            StatisticsService(records, shipped_edition(), seat.court, [seat.court], journal.clock, known),
        ),
        Service(
            bulletin_service_pb2.DESCRIPTOR.services_by_name["BulletinService"],
            bulletin_service_pb2_grpc.add_BulletinServiceServicer_to_server,
            BulletinService(node.hub, seat, shipped_edition(), printing),
        ),
        Service(
            ledger_service_pb2.DESCRIPTOR.services_by_name["LedgerService"],
            ledger_service_pb2_grpc.add_LedgerServiceServicer_to_server,
            LedgerService(journal, seat, records, Printer(load_layouts(settings.sheet_columns_file), press)),
        ),
    ]
