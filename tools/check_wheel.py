"""Fail where a wheel is not the whole program: a file of the source is missing, or what is installed cannot migrate.

Usage: check_wheel.py WHEEL. Nothing is downloaded: the wheel is unpacked and runs on the libraries of this Python.
"""

import os
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
# Run outside the source tree, with the unpacked wheel before everything else.
_MIGRATE = """
import sys
from pathlib import Path
import xiezhi_hub.cli, xiezhi_journal, xiezhi_node.cli
from xiezhi_domain.rulebook import shipped_rulebook
from xiezhi_journal.migrate import is_current, upgrade
assert Path(xiezhi_journal.__file__).is_relative_to(sys.argv[1]), xiezhi_journal.__file__
shipped_rulebook()
url = f"sqlite:///{sys.argv[1]}/journal.db"
upgrade(url)
assert is_current(url)
"""


def expected() -> Iterator[str]:
    """Give the name in the wheel of every file that git has under the packages and what is put beside them."""
    target = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"][
        "targets"
    ]["wheel"]
    places = {package: Path(package).name for package in target["packages"]} | target["force-include"]
    for source, place in places.items():
        listed = subprocess.run(
            ["git", "ls-files", "-z", source],  # noqa: S607  git of the PATH
            cwd=HOUSE,
            capture_output=True,
            text=True,
            check=True,
        )
        for name in filter(None, listed.stdout.split("\0")):
            yield f"{place}/{Path(name).relative_to(source).as_posix()}"


def main(wheel: Path) -> int:
    """Check *wheel*; returns 1 if it is not whole."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        missing = sorted(set(expected()) - set(archive.namelist()))
        for name in missing:
            print(f"not in the wheel: {name}", file=sys.stderr)
        archive.extractall(folder)
        environment = os.environ | {"PYTHONPATH": folder}
        command = [sys.executable, "-c", _MIGRATE, folder]
        ran = subprocess.run(command, cwd=folder, env=environment, check=False)
    return 1 if missing or ran.returncode else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
