"""Calls that a workbench passes on for browsers: from which address they come, told by it and believed of it alone.

A workbench has no right of its own and no certificate; it shows a secret that it shares with its desk. Without that
secret a caller's word about its address is not even read: whoever could choose the address that failures are counted
against would never be stopped, and could have others stopped.
"""

import hmac
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from xiezhi_wire.address import address_of
from xiezhi_wire.call import Call

WORKBENCH_KEY: Final = "x-workbench"
ADDRESS_KEY: Final = "x-client-address"


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Whom to believe: ``secret`` is what the court's workbench shows, empty for nobody."""

    secret: str = field(default="", repr=False)

    def address_of(self, call: Call) -> str:
        """The address that a call comes from: the browser's where the workbench tells it, else the peer's."""
        peer = address_of(call.context.peer())
        shown, told = call.metadata(WORKBENCH_KEY), call.metadata(ADDRESS_KEY)
        if not self.secret or shown is None or told is None:
            return peer
        if not hmac.compare_digest(shown.encode(), self.secret.encode()):
            return peer
        try:
            return str(ip_address(told))
        except ValueError:
            return peer


NOBODY: Final = Forwarding()
