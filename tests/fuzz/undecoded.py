"""Finds what reads in the code by name and first argument, and says of some why no row of the table tries them."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

_HOUSE: Final = Path(__file__).parents[2]
_FLOORS: Final = (
    "domain",
    "journal",
    "wire",
    "papers",
    "link",
    "desk",
    "server",
    "court_node",
    "client",
    "adapters",
)
_NAME: Final = re.compile(
    r"(parse|decode|read|load|open|split|sniff)(_[a-z_]+)?|\w+_(from|of)_text|from_plain"
)
_DEFINES: Final = re.compile(rf"def ({_NAME.pattern})\(")
_MAKERS: Final = frozenset({"classmethod", "staticmethod"})
_TAKES: Final = re.compile(r"bytes|str|Path|Path \| None|BinaryIO|JsonObject|Mapping\[str, Any\]")


def readers() -> set[str]:
    """The public functions that are named like a reader and begin with text, bytes, a file or plain values."""
    files = (file for floor in _FLOORS for file in (_HOUSE / floor).rglob("*.py"))
    return {name for file in files for name in _readers_in(file)}


def _readers_in(file: Path) -> Iterator[str]:
    content = file.read_text(encoding="utf-8")
    if not _DEFINES.search(content):
        return
    module = ".".join(file.relative_to(_HOUSE).with_suffix("").parts[1:]).removesuffix(".__init__")
    for node in ast.parse(content).body:
        if isinstance(node, ast.FunctionDef) and _reads(node):
            yield f"{module}.{node.name}"
        elif isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if isinstance(each, ast.FunctionDef) and _is_made_by(each))
            yield from (f"{module}.{node.name}.{each.name}" for each in methods if _reads(each))


def _is_made_by(function: ast.FunctionDef) -> bool:
    """Whether it makes its class from what it reads; other methods are asked with words of our own."""
    return any(
        isinstance(each, ast.Name) and each.id in {"classmethod", "staticmethod"}
        for each in function.decorator_list
    )


def _reads(function: ast.FunctionDef) -> bool:
    arguments = [each for each in function.args.args if each.arg not in {"self", "cls"}]
    kind = arguments[0].annotation if arguments else None
    return bool(_NAME.fullmatch(function.name) and kind and _TAKES.fullmatch(ast.unparse(kind)))


NO_DECODERS: Final[Mapping[str, str]] = {
    "xiezhi_client.sdk.channel.open_channel": "begins with an address that is our own",
    "xiezhi_desk.accounts.store.roles_from_text": "reads a column that this program wrote",
    "xiezhi_domain.indicators.kept.decode_record": "reads a column that this program wrote",
    "xiezhi_domain.ladder.instruction.decode_instruction": "reads a column that this program wrote",
    "xiezhi_domain.rulebook.kinds.read_kind": "a part of load_rulebook",
    "xiezhi_domain.rulebook.ladders.read_ladder": "a part of load_rulebook",
    "xiezhi_domain.rulebook.publishing._Document.read": "a part of next_rulebook",
    "xiezhi_hub.opening.load_file": "begins with the word for what another function reads",
    "xiezhi_hub.policies.load_policy": "begins with the name of a table that ships",
    "xiezhi_journal.engine.open_reader_engine": "begins with the address of the own database",
    "xiezhi_journal.engine.open_writer_engine": "begins with the address of the own database",
    "xiezhi_wire.ca.CertificateAuthority.load": "reads the folder of the own authority; its key: load_key",
    "xiezhi_workbench.row_fields.read_rows": "begins with the name of a field of ours",
}
"""What only looks like a reader of what comes from outside, and what it does instead."""
