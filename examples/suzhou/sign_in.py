"""Sign the people of a running demo in, so that the `xiezhi` command can be tried as each of them.

Each gets a profile beside the demo's data: `xiezhi --profile .demo/chen.json inbox` is then 陈法官's inbox.
A session ends after half an hour without use; run this again to begin new ones.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

XIEZHI = Path(sys.executable).parent / "xiezhi"


class Person(NamedTuple):
    """An account of the demo: its profile's name, the desk it belongs to, how it signs in."""

    profile: str
    place: str
    login: str
    password: str


def people(endpoints: dict[str, Any]) -> Iterator[Person]:
    """Give the players and the administrators."""
    for login, account in endpoints["accounts"].items():
        yield Person(login, account["place"], login, account["password"])
    for place, admin in endpoints["administrators"].items():
        yield Person(f"admin-{place}", place, admin["login"], admin["password"])


def sign_in(person: Person, endpoints: dict[str, Any], folder: Path) -> bool:
    """Sign *person* in; the password goes by standard input, because others can read command lines."""
    desk = endpoints["hub"] if person.place == "hub" else endpoints["nodes"][person.place]
    profile = folder / f"{person.profile}.json"
    where = ("--address", desk["desk"], "--ca", desk["ca"], "--profile", str(profile))
    command = [str(XIEZHI), "login", "--user", person.login, "--stdin", *where]
    print(f"{profile}  ", end="", flush=True)
    return subprocess.run(command, input=person.password, text=True, check=False).returncode == 0


def main() -> int:
    """Sign everybody in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".demo"))
    folder = parser.parse_args().folder
    try:
        endpoints = json.loads((folder / "endpoints.json").read_text("utf-8"))
    except OSError:
        print(f"{folder} 中没有正在运行的演示，请先运行 make demo", file=sys.stderr)
        return 1
    signed_in = [sign_in(person, endpoints, folder) for person in people(endpoints)]
    return 0 if all(signed_in) else 1


if __name__ == "__main__":
    sys.exit(main())
