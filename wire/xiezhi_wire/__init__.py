"""What is gRPC and TLS in hub and node; no database, no journal.

Import this package before anything imports grpc: it settles that TLS 1.2 stays out (``tls13``).

Who is there
    ``tls13``         the TLS 1.2 cipher list, set before gRPC is loaded
    ``tls``           credentials of both ends, reloaded when files change
    ``certificates``  keys, signing requests, the court's name in a certificate
    ``ca``            the hub's certificate authority
    ``jointoken``     the printed token that lets a court join
    ``pinning``       fetching the hub's authority by the fingerprint in a token
    ``peer``          the court behind a client certificate
    ``caller``        who makes the present call
    ``credentials``   how each kind of caller shows who it is

What a call meets, outside in
    ``interceptors``  the chain, composed once
    ``concerns``      request id, errors, deadline, identity, policy, rate, live streams
    ``call``          what the concerns of one call read and leave for each other
    ``accounting``    one log line and the metrics of a call
    ``errors``        the table from domain reasons to status codes
    ``policy``        the table from methods to callers
    ``limits``        token buckets
    ``streams``       live streams, closed on revocation

What runs
    ``transport``     sizes and keepalive, the same at both ends
    ``listener``      one gRPC server on one address
    ``program``       listeners and background tasks until a signal, then the drain
    ``logs``          structured logs
    ``startup``       the exception for what stops a program from starting
"""

from xiezhi_wire import tls13 as tls13
