"""Rows of the court's own templates. Functions for the journal's `read` and `write`."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, select

from xiezhi_domain.terms import PaperType
from xiezhi_journal import tables
from xiezhi_journal.bulk import upsert_rows
from xiezhi_papers.letters.asked import TemplateFormat
from xiezhi_papers.letters.shipped import shipped_template

_table = tables.paper_template


@dataclass(frozen=True, slots=True)
class Template:
    """A template in use; `put_at` is in ms since 1970, and 0 like `put_by` is empty for a shipped one."""

    paper: PaperType
    format: TemplateFormat
    content: bytes
    put_by: str = ""
    put_at: int = 0

    @property
    def own(self) -> bool:
        """Whether it is the court's own."""
        return self.put_at > 0

    @property
    def sha256(self) -> bytes:
        """The hash of its content."""
        return hashlib.sha256(self.content).digest()


def put_template(connection: Connection, template: Template, account: str) -> None:
    """Keep a template in the place of the one before; one without content gives way to the shipped one."""
    key = and_(_table.c.paper_type == template.paper, _table.c.format == template.format)
    connection.execute(delete(_table).where(key))
    if template.content:
        row = (
            str(template.paper),
            str(template.format),
            template.content,
            template.sha256,
            account,
            template.put_by,
            template.put_at,
        )
        upsert_rows(connection, _table, [row])


def get_template(connection: Connection, paper: PaperType, template: TemplateFormat) -> Template:
    """Return the template in use: the court's own, or the shipped one."""
    query = select(_table).where(_table.c.paper_type == paper, _table.c.format == template)
    row = connection.execute(query).one_or_none()
    return Template(paper, template, shipped_template(paper, template)) if row is None else _template(row)


def own_templates(connection: Connection, paper: PaperType) -> Mapping[TemplateFormat, bytes]:
    """Return the court's own templates of a letter."""
    query = select(_table).where(_table.c.paper_type == paper)
    return {template.format: template.content for template in map(_template, connection.execute(query))}


def list_templates(connection: Connection) -> Sequence[Template]:
    """Return the court's own templates in the order of the vocabulary."""
    order = list(PaperType)
    found = map(_template, connection.execute(select(_table)))
    return sorted(found, key=lambda each: (order.index(each.paper), each.format))


def _template(row: Row[Any]) -> Template:
    return Template(
        PaperType(row.paper_type), TemplateFormat(row.format), bytes(row.content), row.name, row.at
    )
