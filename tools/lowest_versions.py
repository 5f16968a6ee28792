"""Print the lowest versions that pyproject.toml allows of what the programs need, as constraints for pip.

The tools of development are left out: what runs at a court has to hold at both ends of its ranges.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
_BOUND = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,-]+\])?>=(?P<version>[\d.]+)")


def lowest() -> Iterator[str]:
    """Give one constraint for each requirement that has a lower bound."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    groups = [project["dependencies"], *(extras[name] for name in extras if name != "dev")]
    bounds = (_BOUND.match(requirement) for group in groups for requirement in group)
    yield from sorted({f"{bound['name']}=={bound['version']}" for bound in bounds if bound})


if __name__ == "__main__":
    print("\n".join(lowest()))
