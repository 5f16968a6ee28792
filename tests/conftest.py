"""What every test run needs before its first import."""

# gRPC reads its cipher list once for the process; tests that import grpc first would leave TLS 1.2 open.
import xiezhi_wire.tls  # noqa: F401
