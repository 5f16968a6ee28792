"""Published rulebooks: the event that publishes one carries it, so that who has the event needs nobody to use it.

A hub that lost its database gets the rulebook back with the event, a court that joins later finds it on its feed, and a
node whose line goes down after a publication has it when its day comes (protocol §10, ADR 0005).
"""

import os
import zlib
from functools import lru_cache
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from xiezhi.v1 import event_pb2
from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.canonical_json import JsonObject, typed_fields
from xiezhi_domain.events.header import Header, decode_header
from xiezhi_domain.events.ids import stream_id
from xiezhi_domain.evidence.parts import SALT_BYTES
from xiezhi_domain.rulebook import Rulebook, load_rulebook
from xiezhi_domain.rulebook.publishing import MOST_BYTES
from xiezhi_domain.terms import EventKind
from xiezhi_journal import tables
from xiezhi_journal.proofs import part_content

_PART: Final = "rulebook"
RULEBOOK_FACTS: Final = {"rulebook": str, "version": str, "from": str}
"""The facts of the header: hash and version of the rulebook, and the day from which it is valid."""
# Who makes one, rules on it, keeps it and reads what is kept asks for the same bytes each time.
_loaded = lru_cache(maxsize=4)(load_rulebook)


def published_facts(rulebook: Rulebook) -> JsonObject:
    """Return the facts of the header of the event that publishes *rulebook*."""
    return {
        "rulebook": rulebook.hash,
        "version": rulebook.version,
        "from": rulebook.valid_from.isoformat(),
    }


def published_body(rulebook: Rulebook) -> event_pb2.Body:
    """Return the body of that event: the rulebook's bytes, compressed by zlib (RFC 1950)."""
    body = event_pb2.Body()
    body.parts.add(name=_PART, salt=os.urandom(SALT_BYTES), content=zlib.compress(rulebook.content, 9))
    return body


def published_rulebook(header: Header, body: event_pb2.Body | None) -> Rulebook:
    """Return the rulebook that an event publishes.

    :raises FormatError: header and body do not say the same, or it is no rulebook that this program reads.
    """
    facts = typed_fields(header.facts, RULEBOOK_FACTS, "规则库事件")
    rulebook = _loaded(_content(body or event_pb2.Body()))
    if {name: facts[name] for name in RULEBOOK_FACTS} != published_facts(rulebook):
        raise FormatError("规则库事件的内容与所称的规则库不符")
    return rulebook


def read_rulebooks(connection: Connection) -> dict[str, Rulebook]:
    """Return the rulebooks that are kept here, by hash."""
    rows = connection.execute(select(tables.rulebook))
    return {row.hash: _loaded(row.content) for row in rows}


class Publication(NamedTuple):
    """When the hub published which rulebook: `at` in ms since 1970."""

    hash: str
    at: int
    event_id: str


def read_publications(connection: Connection, hub_court: str) -> list[Publication]:
    """Return what the hub of *hub_court* has published, in the order of its log."""
    event, ruling = tables.event, tables.ruling
    query = (
        select(event.c.header, ruling.c.ruled_at)
        .join(ruling, ruling.c.position == event.c.position)
        .where(
            event.c.instruction == stream_id(hub_court),
            event.c.kind == EventKind.RULEBOOK_PUBLISHED,
            ruling.c.accepted,
        )
        .order_by(ruling.c.log_index)
    )
    found = [(decode_header(row.header), row.ruled_at) for row in connection.execute(query)]
    return [Publication(str(header.facts["rulebook"]), at, header.id) for header, at in found]


def _content(body: event_pb2.Body) -> bytes:
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(part_content(body, _PART), MOST_BYTES)
    except zlib.error as error:
        raise FormatError("规则库事件缺少规则库，或无法读取") from error
    if not stream.eof or not content:
        raise FormatError("规则库事件缺少规则库，或无法读取")
    return content
