"""gRPC credentials from the certificates of `tests.bench.tls`. Only programs import this, never the harness."""

from pathlib import Path

import grpc


def server_credentials(directory: str, court: str) -> grpc.ServerCredentials:
    """Return the credentials of a listener that refuses callers without a certificate."""
    place = Path(directory)
    pair = (place / f"{court}.key").read_bytes(), (place / f"{court}.server.pem").read_bytes()
    return grpc.ssl_server_credentials([pair], _authority(place), require_client_auth=True)


def channel_credentials(directory: str, court: str) -> grpc.ChannelCredentials:
    """Return the credentials with which *court* dials."""
    place = Path(directory)
    key, chain = (place / f"{court}.key").read_bytes(), (place / f"{court}.client.pem").read_bytes()
    return grpc.ssl_channel_credentials(_authority(place), key, chain)


def caller(context: grpc.ServicerContext) -> str:
    """Return the court that calls, by the common name of its certificate."""
    return context.auth_context()["x509_common_name"][0].decode()


def _authority(place: Path) -> bytes:
    return (place / "ca.pem").read_bytes()
