"""What is personal in the journals of a stage, and where else on its disk it stands, in whatever spelling.

Personal is what the journals themselves hold of people: parties of cases and matters, holders that registries name,
and the courts' own people. So a new story, or a new field of these, is looked for without a word here.
"""

import base64
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from google.protobuf.message import DecodeError, Message

from xiezhi.v1 import (
    case_pb2,
    court_pb2,
    event_pb2,
    item_pb2,
    party_pb2,
    query_service_pb2,
    registry_connector_pb2,
    registry_pb2,
)

_PERSONAL: Final[Mapping[str, frozenset[str]]] = {
    party_pb2.Person.DESCRIPTOR.full_name: frozenset(
        {
            *("name", "aliases", "identity_number", "phones", "registered_address", "residence", "workplace"),
            *("vehicle_plates", "relatives_clue", "risk_note"),
        }
    ),
    party_pb2.Organisation.DESCRIPTOR.full_name: frozenset(
        {"name", "credit_code", "registered_address", "business_address", "representative", "phones"}
    ),
    court_pb2.Officer.DESCRIPTOR.full_name: frozenset({"name", "phone", "mobile"}),
    registry_pb2.RegistryHolder.DESCRIPTOR.full_name: frozenset({"name", "identity_number", "credit_code"}),
    item_pb2.CourtAccount.DESCRIPTOR.full_name: frozenset({"account"}),
}
"""The fields of messages that say who somebody is, or where he is reached."""

_PARTS: Final[Mapping[str, type[Message]]] = {
    "actor": event_pb2.Actor,
    "approval": event_pb2.ApprovalRecord,
    "assignment": event_pb2.Assignment,
    "case": case_pb2.Case,
    "item": item_pb2.Item,
    "outcomes": event_pb2.OutcomeList,
    "subject": party_pb2.Subject,
}
_KEPT: Final = (
    ("case_file", case_pb2.Case),
    ("account", court_pb2.Officer),
    ("registry_query", registry_connector_pb2.RegistryConnectorQueryRequest),
    ("registry_answer", query_service_pb2.RegistryAnswer),
)
_SHORTEST: Final = 3
"""Characters; a name of two is a word of other texts, too, as is one of Latin letters: those are programs."""

_PAPERS: Final = frozenset({"documents", "receiver", "registry"})
"""Papers; and the gateway and the registry, which are others' systems and show whom they are asked about."""
_OF_VISITORS: Final = frozenset({"endpoints.json", "desk"})
"""What the demo tells its visitor, and what commands were told to write on his desk."""


def beside_the_journals(folder: Path) -> Iterator[Path]:
    """Everything on the disk of a stage that is neither journal nor paper nor another's system."""
    for file in folder.rglob("*"):
        inside = file.relative_to(folder).parts
        others = inside[0] in _OF_VISITORS or _PAPERS & {*inside}
        if file.is_file() and ".db" not in file.name and not others:
            yield file


def personal_words(journals: Iterable[Path]) -> frozenset[str]:
    """Everything personal that the journals hold, as it is written there."""
    messages = (message for journal in journals for message in _messages(journal))
    words = {word for message in messages for word in _words(message)}
    return frozenset(
        word for word in words if len(word) >= _SHORTEST and not (word.isascii() and word.isalpha())
    )


def spellings(word: str) -> frozenset[bytes]:
    """How *word* may stand in a file: as text, in an address, in JSON, in base64 wherever it begins there, in hex."""
    data = word.encode()
    percent = quote(word, safe="")
    found = {data, percent.encode(), percent.lower().encode(), json.dumps(word)[1:-1].encode()}
    found |= {repr(data)[2:-1].encode(), data.hex().encode(), data.hex().upper().encode()}
    found |= {word.encode("gb18030"), word.encode("utf-16-le")}
    for before in range(3):
        # The characters at both ends hold bits of the neighbours, too.
        first, behind = -(-8 * before // 6), -(len(data) + before) % 3
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            text = encode(bytes(before) + data + bytes(behind))
            found.add(text[first : len(text) - (behind + 1 if behind else 0)])
    return frozenset(found)


def traces(files: Iterable[Path], words: Iterable[str]) -> list[tuple[str, str]]:
    """Where a word stands in one of the files, in any spelling: file and word."""
    wanted = [(word, spellings(word)) for word in words]
    found = []
    for file in files:
        content = file.read_bytes()
        for word, forms in wanted:
            if any(form in content for form in forms):
                found.append((str(file), word))
    return found


def _messages(journal: Path) -> Iterator[Message]:
    with closing(sqlite3.connect(f"{journal.absolute().as_uri()}?mode=ro", uri=True)) as database:
        known = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table, kind in _KEPT:
            if table in known:
                column = "officer" if table == "account" else "content"
                rows = database.execute(f"SELECT {column} FROM {table}").fetchall()
                yield from (kind.FromString(content) for (content,) in rows)
        for (content,) in database.execute("SELECT content FROM body").fetchall():
            yield from _parts(event_pb2.Body.FromString(content))


def _parts(body: event_pb2.Body) -> Iterator[Message]:
    for part in body.parts:
        kind = _PARTS.get(part.name.partition("/")[0])
        if kind is not None and part.content:
            try:
                yield kind.FromString(part.content)
            except DecodeError:
                continue


def _words(message: Message) -> Iterator[str]:
    personal = _PERSONAL.get(message.DESCRIPTOR.full_name, frozenset())
    for field, value in message.ListFields():
        values: Iterable[Any] = value if field.is_repeated else [value]
        for each in values:
            if isinstance(each, Message):
                yield from _words(each)
            elif field.name in personal:
                yield each
