"""A real provider as a program of its own, HTTPS on loopback. Each line of its input is an order for `Spoiler`."""

import json
import sys
import threading
import time
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from tests.integration.federation.real_provider import Endpoints, make_provider
from tests.integration.federation.spoiling import Spoiler


def main(certificate: Path, key: Path, folder: Path) -> None:
    """Serves until its input ends; each line of it is answered by a line, and the first one says where it is."""
    app = Starlette()
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, ssl_certfile=certificate, ssl_keyfile=key, log_level="warning"
    )
    sock = config.bind_socket()
    provider = make_provider(f"https://127.0.0.1:{sock.getsockname()[1]}", folder)
    honest, spoiler = Endpoints(provider), Spoiler(provider)
    app.router.routes += [
        Route("/.well-known/openid-configuration", spoiler.configuration(honest.configuration)),
        Route("/jwks", spoiler.keys(honest.keys)),
        Route("/authorization", honest.authorization),
        Route("/login", honest.login, methods=["POST"]),
        Route("/token", spoiler.token(honest.token), methods=["POST"]),
    ]
    server = uvicorn.Server(config)
    serving = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    serving.start()
    while not server.started and serving.is_alive():
        time.sleep(0.01)
    print(json.dumps({"issuer": provider.issuer}), flush=True)
    for line in sys.stdin:
        spoiler.obey(json.loads(line))
        print(json.dumps({"asked_for_keys": spoiler.asked_for_keys}), flush=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
