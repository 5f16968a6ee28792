"""How a running program is: what its doctor finds, its versions, disk, log and documents."""

import asyncio
import platform
import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, func, select

from xiezhi.v1 import administration_service_pb2 as pb
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.court_time import to_date
from xiezhi_domain.rulebook import rulebook_in_force
from xiezhi_journal import tables
from xiezhi_journal.journal import Journal
from xiezhi_journal.migrate import version_of

_DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Found(Protocol):
    """One line of an examination, as the doctor of hub or node has it."""

    @property
    def subject(self) -> str:
        """What was looked at."""

    @property
    def good(self) -> bool:
        """Whether it is in order."""

    @property
    def text(self) -> str:
        """What was found."""


Examine = Callable[[], Awaitable[Sequence[Found]]]


@dataclass(frozen=True, slots=True)
class Program:
    """What is asked of the program that is served: its journal, where its data lie, its doctor."""

    journal: Journal
    data_dir: Path
    examine: Examine
    started_at: int
    """In ms since 1970."""


async def status_of(program: Program) -> pb.GetSystemStatusResponse:
    """Return how the program is."""
    journal = program.journal
    findings = await program.examine()
    now = journal.clock()
    told = await journal.read(_stored)
    disk = await asyncio.to_thread(shutil.disk_usage, program.data_dir)
    told.findings.extend(
        pb.SystemFinding(subject=each.subject, good=each.good, text=each.text) for each in findings
    )
    told.program_version, told.python_version = version("xiezhi"), platform.python_version()
    told.disk_free, told.disk_total = disk.free, disk.total
    if journal.rulebooks:
        told.rulebook_hash = rulebook_in_force(list(journal.rulebooks.values()), to_date(now)).hash
    told.started_at.CopyFrom(to_timestamp(program.started_at))
    told.read_at.CopyFrom(to_timestamp(now))
    return told


def _stored(connection: Connection) -> pb.GetSystemStatusResponse:
    """Return what the database tells."""
    document = tables.document.c
    count, size = connection.execute(select(func.count(), func.coalesce(func.sum(document.size), 0))).one()
    dialect = connection.dialect
    number = ".".join(str(part) for part in (dialect.server_version_info or ())[:3])
    return pb.GetSystemStatusResponse(
        database_version=f"{_DATABASES.get(dialect.name, dialect.name)} {number}".strip(),
        schema_version=version_of(connection),
        log_size=connection.scalar(select(func.max(tables.checkpoint.c.size))) or 0,
        document_count=count,
        document_bytes=int(size),
    )
