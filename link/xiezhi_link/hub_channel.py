"""The one channel from a node to its hub.

One for as long as the certificate lasts: a new channel for each attempt would leak memory and threads in gRPC
(grpc #38499), and the channel itself dials again.
"""

from typing import Final

import grpc

from xiezhi_wire.tls import ClientMaterial, channel_credentials
from xiezhi_wire.transport import CHANNEL_OPTIONS

# The pauses between attempts are the link's; the channel has to be ready to dial when it is asked.
_DIALLING: Final = {
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1_000,
    # Channels with equal settings share connections; a renewed certificate has to be shown.
    "grpc.use_local_subchannel_pool": 1,
}
_OPTIONS: Final = (*(each for each in CHANNEL_OPTIONS if each[0] not in _DIALLING), *_DIALLING.items())

# For calls beside the link that are under way on the old channel; the link waits for them.
_OLD_CALLS_S: Final = 2.0


class HubChannel:
    """The channel to the hub at *address* (``host:port``); shared by the link and the calls beside it."""

    def __init__(self, address: str, material: ClientMaterial) -> None:
        self._address = address
        self._material = material
        self._channel: grpc.aio.Channel | None = None

    @property
    def channel(self) -> grpc.aio.Channel:
        """The channel of now; opened in the event loop that first asks for it.

        :raises StartupError: the certificate files are no good.
        """
        if self._channel is None:
            credentials = channel_credentials(self._material)
            self._channel = grpc.aio.secure_channel(self._address, credentials, options=_OPTIONS)
        return self._channel

    async def renew(self) -> None:
        """Leave the channel, so that the next one shows the certificate that the files hold now."""
        old, self._channel = self._channel, None
        if old is not None:
            await old.close(_OLD_CALLS_S)

    async def close(self) -> None:
        """Close at once; a later use opens anew."""
        old, self._channel = self._channel, None
        if old is not None:
            await old.close()
