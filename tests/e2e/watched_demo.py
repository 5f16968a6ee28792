"""The demo with everything that its programs may let out: the lowest log level, and the metrics page, kept at the end.

`python watched_demo.py --once --folder FOLDER …`: arguments as of `make demo`.
"""

import sys
import urllib.request
from pathlib import Path
from typing import Any

SUZHOU = Path(__file__).parents[2] / "examples" / "suzhou"
sys.path.insert(0, str(SUZHOU))

import demo  # noqa: E402
from ports import free_ports  # noqa: E402

from stage import Actor, Stage  # noqa: E402


class WatchedStage(Stage):
    """A stage whose programs tell all they ever would."""

    def _configure(self, actor: Actor, **values: Any) -> None:
        [port] = free_ports(1)
        address = f"127.0.0.1:{port}"
        (actor.folder / "metrics-address").write_text(address)
        super()._configure(actor, metrics_address=address, log_level="DEBUG", **values)

    def close(self) -> None:
        for actor in (self.hub, *self.nodes.values()):
            if actor.process is not None:
                address = (actor.folder / "metrics-address").read_text()
                with urllib.request.urlopen(f"http://{address}/metrics") as page:
                    (actor.folder / "metrics.txt").write_bytes(page.read())
        super().close()


demo.Stage = WatchedStage
sys.exit(demo.main())
