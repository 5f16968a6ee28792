"""The services on the node's desk, each with what serves it."""

from xiezhi_node.node import Node
from xiezhi_wire.listener import Service


def node_services(node: Node) -> list[Service]:
    """Return what the desk offers."""
    return []
