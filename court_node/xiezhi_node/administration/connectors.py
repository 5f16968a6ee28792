"""`ConnectorService`: the programs beside the node, and how they answer."""

# Methods are named by the contract.
# ruff: noqa: N802

from collections.abc import Mapping
from typing import Any, TypeAlias

import grpc
from sqlalchemy import Connection, func, select

from xiezhi.v1 import connector_service_pb2 as pb
from xiezhi.v1.connector_service_pb2_grpc import ConnectorServiceServicer
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_journal import tables
from xiezhi_node.answering import Answering
from xiezhi_node.node import Node
from xiezhi_node.registries.connector import Connector

_Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"


class ConnectorService(ConnectorServiceServicer):
    """Serves what is configured, and what was noted of each answer."""

    def __init__(self, node: Node) -> None:
        self._node = node

    async def ListConnectors(
        self, _request: pb.ListConnectorsRequest, _context: _Context
    ) -> pb.ListConnectorsResponse:
        """Return the case source and the registries."""
        source, registries = self._node.cases.source, self._node.registries
        waiting = await self._node.journal.read(_waiting)
        told = pb.ListConnectorsResponse()
        if source.configured:
            told.connectors.append(
                _message(
                    pb.ConnectorStatus(kind=pb.CONNECTOR_KIND_CASE_SOURCE, address=source.address),
                    source.answering,
                )
            )
            told.connectors[0].waiting = await self._node.journal.read(_to_write_back)
        told.connectors.extend(self._registry(each, waiting) for each in registries.connectors.values())
        return told

    def _registry(self, connector: Connector, waiting: Mapping[str, int]) -> pb.ConnectorStatus:
        categories = self._node.registries.settings.categories
        status = pb.ConnectorStatus(
            name=connector.name,
            kind=pb.CONNECTOR_KIND_REGISTRY,
            address=connector.table.address,
            categories=[categories[code].name for code in connector.table.categories],
            resting=connector.circuit.is_resting(self._node.journal.clock()),
            waiting=waiting.get(connector.name, 0),
        )
        return _message(status, connector.answering)


def _message(status: pb.ConnectorStatus, answering: Answering) -> pb.ConnectorStatus:
    """Return *status* with how the program has answered."""
    if answering.answered_at:
        status.answered_at.CopyFrom(to_timestamp(answering.answered_at))
    if answering.failed_at:
        status.failed_at.CopyFrom(to_timestamp(answering.failed_at))
    status.problem, status.failures = answering.problem, answering.failures
    return status


def _waiting(connection: Connection) -> dict[str, int]:
    """Return the questions that wait, by registry."""
    answer = tables.registry_answer.c
    query = select(answer.connector, func.count()).where(answer.next_at > 0).group_by(answer.connector)
    return {name: int(count) for name, count in connection.execute(query)}


def _to_write_back(connection: Connection) -> int:
    """Return the results that the case system has not taken."""
    query = select(func.count()).where(tables.case_feedback.c.sent_at == 0)
    return connection.scalar(query) or 0
