"""Write the tables in docs/ that are made from the code: configuration keys, reason codes.

A table stands between the lines `<!-- table: NAME -->` and `<!-- end of table -->`. A test compares what stands there
with what would be written, so that a page never tells of a key or a code that is no more.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic.fields import FieldInfo

from xiezhi_desk.settings import ProgramSettings
from xiezhi_domain.errors import Reason
from xiezhi_hub.config import HubSettings
from xiezhi_node.config import NodeSettings
from xiezhi_wire.errors import STATUS_CODES

DOCS: Final = Path(__file__).resolve().parents[1] / "docs"
_TABLE: Final = re.compile(
    r"(?P<head><!-- table: (?P<name>\S+) -->\n)(?P<rows>.*?)(?P<end><!-- end of table -->)", re.DOTALL
)


def settings_table(settings: type[ProgramSettings]) -> str:
    """Give the configuration keys of a program with what holds where they are left out."""
    rows = ((f"`{key}`", _default(field), field.description or "") for key, field in _fields(settings))
    return _table(("key", "default", "meaning"), rows)


def reasons_table() -> str:
    """Give the reason codes of errors in the order of their table."""
    rows = ((f"`{reason}`", f"`{STATUS_CODES[reason].name}`", reason.zh) for reason in Reason)
    return _table(("reason", "gRPC status", "what a person is told unless more is known"), rows)


TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "hub-settings": lambda: settings_table(HubSettings),
    "node-settings": lambda: settings_table(NodeSettings),
    "reasons": reasons_table,
}


def renewed(page: str) -> str:
    """Give *page* with its tables as the code has them now. Raise `KeyError` for a table of an unknown name."""
    return _TABLE.sub(lambda found: found["head"] + TABLES[found["name"]]() + found["end"], page)


def _fields(settings: type[ProgramSettings]) -> Iterator[tuple[str, FieldInfo]]:
    yield from settings.model_fields.items()


def _default(field: FieldInfo) -> str:
    """Give the default as a configuration file would say it."""
    if field.is_required():
        return "must be given"
    value: Any = field.default
    return f"`{json.dumps(value, ensure_ascii=False)}`" if value not in (None, "") else "none"


def _table(titles: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Renew every page and name those that have changed."""
    for path in sorted(DOCS.glob("*.md")):
        page = path.read_text(encoding="utf-8")
        if (fresh := renewed(page)) != page:
            path.write_text(fresh, encoding="utf-8")
            print(path.relative_to(DOCS.parent))


if __name__ == "__main__":
    main()
