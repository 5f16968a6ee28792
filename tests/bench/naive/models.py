"""The tables of the naive baseline as ORM classes; the columns are those of the prototype."""

from pathlib import Path

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Event(Base):
    __tablename__ = "event"
    position: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(unique=True)
    instruction: Mapped[str]
    kind: Mapped[str]
    header: Mapped[bytes]
    push: Mapped[bytes]
    body: Mapped[bytes]


class Ruling(Base):
    __tablename__ = "ruling"
    log_index: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    ruling: Mapped[bytes]


class Feed(Base):
    __tablename__ = "feed"
    court: Mapped[str] = mapped_column(primary_key=True)
    feed_seq: Mapped[int] = mapped_column(primary_key=True)
    log_index: Mapped[int]
    item_hash: Mapped[bytes]


class Checkpoint(Base):
    __tablename__ = "checkpoint"
    size: Mapped[int] = mapped_column(primary_key=True)
    frontier: Mapped[bytes]
    note: Mapped[bytes]


def open_engine(path: Path) -> Engine:
    """Return an engine of one connection that makes each commit durable (WAL, FULL)."""
    engine = create_engine(f"sqlite:///{path}", pool_size=1, max_overflow=0)

    @event.listens_for(engine, "connect")
    def _on_connect(connection, _record) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA wal_autocheckpoint=4000")

    Base.metadata.create_all(engine)
    return engine
