"""A court's node: what its people and programs work with, and its side of the link.

The wire comes first, because TLS has to be set up before gRPC is imported.
"""

import xiezhi_wire as xiezhi_wire
