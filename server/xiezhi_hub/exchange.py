"""Exchanging the hub's certificate authority, as the operator does it; the hub may run meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from secrets import token_hex

from sqlalchemy import Connection, select

from xiezhi_domain.court_time import to_date
from xiezhi_hub.administration import run_writer
from xiezhi_hub.enrolment.certificates import revoke_all_but
from xiezhi_hub.initialise import issue_server_certificate
from xiezhi_hub.opening import Hub
from xiezhi_journal.tables import certificate, court
from xiezhi_wire.startup import StartupError


@dataclass(frozen=True, slots=True)
class Exchange:
    """How far an exchange is: the two authorities (SHA-256 of their certificates), and the courts on each side."""

    current: str
    successor: str
    moved: Sequence[str]
    behind: Sequence[str]


def begin_exchange(hub: Hub) -> Exchange:
    """Make the authority that is to follow; nodes trust it and take certificates from it within ten minutes.

    :raises StartupError: an exchange is under way.
    """
    now = hub.journal.clock()
    # Two authorities of one name could be taken for each other where chains are built.
    name = f"{hub.settings.court} hub {to_date(now):%Y%m%d}-{token_hex(2)}"
    hub.authorities.begin(name, now, timedelta(days=hub.settings.authority_days))
    return standing(hub)


def standing(hub: Hub) -> Exchange:
    """Return how far the exchange is; `successor` is empty where none is under way."""
    successor = hub.authorities.successor
    if successor is None:
        return Exchange(hub.authorities.current.sha256, "", (), ())
    moved = hub.journal.read_now(partial(_courts_with, authority=successor.sha256, now=hub.journal.clock()))
    joined = hub.journal.read_now(_joined)
    behind = [code for code in joined if code not in moved]
    return Exchange(hub.authorities.current.sha256, successor.sha256, sorted(moved), behind)


def finish_exchange(hub: Hub, *, leaving: bool) -> Exchange:
    """Let the successor take over. Certificates of the old authority end at once, and its key is deleted.

    :raises StartupError: no exchange is under way; or courts have no certificate of the successor, and shall not be
        left (*leaving*).
    """
    successor, found = hub.authorities.successor, standing(hub)
    if successor is None:
        raise StartupError("没有正在进行的更换，请先运行 xiezhi-hub authority begin")
    if found.behind and not leaving:
        raise StartupError(
            f"{'、'.join(found.behind)} 尚未换用新机构的证书：请等其节点联网（十分钟内自动换用），"
            "或加 --leave 不再等待（这些法院以后须凭新的加入令牌重新加入，数据不丢）"
        )
    issue_server_certificate(hub.settings, hub.paths, successor)
    work = partial(revoke_all_but, authority=successor.sha256, now=hub.journal.clock())
    run_writer(hub, lambda: hub.journal.write(work))
    # Last: up to here, the command can be repeated whole.
    hub.authorities.take_over()
    return found


def _courts_with(connection: Connection, authority: str, now: int) -> frozenset[str]:
    query = select(certificate.c.court).where(
        certificate.c.authority == authority, certificate.c.revoked_at == 0, certificate.c.not_after >= now
    )
    return frozenset(connection.scalars(query))


def _joined(connection: Connection) -> list[str]:
    """Return the courts that have joined and are not shut out, by code."""
    valid = select(certificate.c.court).where(certificate.c.revoked_at == 0)
    query = select(court.c.code).where(court.c.joined_at > 0, court.c.code.in_(valid))
    return list(connection.scalars(query.order_by(court.c.code)))
