"""TLS 1.3 only, settled before gRPC is loaded (protocol §13).

gRPC has no option for the lowest TLS version. What it has is the list of cipher suites for TLS 1.2, read from
the environment once, when its core starts. Our certificates are ECDSA P-256 (``ca.py`` makes no other,
``tls.py`` takes no other), so a list of RSA suites leaves TLS 1.2 with nothing to agree on; the suites of TLS
1.3 are not affected.

The package imports this module first and this module does not import grpc: a program may ``import
xiezhi_wire`` before it starts helper processes and before anything else imports grpc.
"""

import os
import sys

CIPHER_VARIABLE = "GRPC_SSL_CIPHER_SUITES"
RSA_ONLY_SUITES = "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384"


def shut_out_tls12() -> None:
    """Sets gRPC's TLS 1.2 cipher list; harmless when repeated.

    Raises:
        RuntimeError: grpc is already imported and may have read another list.

    """
    if os.environ.get(CIPHER_VARIABLE) == RSA_ONLY_SUITES:
        return
    if "grpc" in sys.modules:
        raise RuntimeError(
            f"grpc was imported before {CIPHER_VARIABLE} could be set, so TLS 1.2 would stay open: "
            "import xiezhi_wire first",
        )
    os.environ[CIPHER_VARIABLE] = RSA_ONLY_SUITES


shut_out_tls12()
