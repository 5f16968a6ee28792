"""What every test run needs before its first import."""

# gRPC reads its cipher list once for the process; tests that import grpc first would leave TLS 1.2 open.
# The package sets the list without loading gRPC, so helper processes of tests can still be started.
import xiezhi_wire  # noqa: F401
