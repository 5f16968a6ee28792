"""The process that starts processes for tests of the command line: `python stage.py DIRECTORY`.

Test processes run gRPC and may start none themselves. This one never loads it. Each line on standard input is
a JSON request, answered by a line of JSON; it ends with its standard input.

`{"node": true}` a new fake node · `{"run": [ARGS], "input": TEXT, "env": {}, "interrupt": bool}` a Python
program and its exit code, output and errors; with `interrupt` it gets SIGINT after its first line of output.
"""

import json
import os
import signal
import subprocess
import sys
from typing import Any

SECONDS = 60


def main() -> None:
    nodes = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.client.fake_server", sys.argv[1]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in sys.stdin:
        request = json.loads(line)
        if "node" in request:
            print("new", file=nodes.stdin, flush=True)
            print(nodes.stdout.readline().strip(), flush=True)
        else:
            print(json.dumps(run(request)), flush=True)
    nodes.communicate(timeout=SECONDS)


def run(request: dict[str, Any]) -> dict[str, Any]:
    process = subprocess.Popen(
        [sys.executable, *request["run"]],
        env=os.environ | request.get("env", {}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    first = ""
    if request.get("interrupt"):
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
    output, errors = process.communicate(request.get("input", ""), timeout=SECONDS)
    return {"code": process.returncode, "output": first + output, "errors": errors}


if __name__ == "__main__":
    main()
