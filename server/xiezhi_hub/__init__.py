"""The hub: rules on events, feeds the courts, supervises, and keeps directory and evidence.

The wire comes first, because TLS has to be set up before gRPC is imported.
"""

import xiezhi_wire as xiezhi_wire
