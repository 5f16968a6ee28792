"""Inviting a court to join, and shutting one out. Used by the service and from the command line alike."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from xiezhi_domain.courts import parse_court_code
from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_hub.enrolment import certificates
from xiezhi_hub.enrolment.tokens import store_token, take_back_tokens
from xiezhi_hub.opening import Hub
from xiezhi_hub.paths import public_address
from xiezhi_wire.certificates import fingerprint
from xiezhi_wire.jointoken import JoinToken, new_token

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Invitation:
    """A token, until when it can be used (ms since 1970), and the work that keeps it, for `write`."""

    token: JoinToken
    expires_at: int
    keep: Callable[[Connection], None]


def own_court(hub: Hub, court: str) -> str:
    """Return the code of a court that the hub serves.

    :raises InvalidInput: it is no code.
    :raises NotAllowed: WRONG_COURT; another hub's.
    """
    code = parse_court_code(court)
    if code not in hub.seat.courts.subtree(hub.seat.court):
        raise NotAllowed(Reason.WRONG_COURT, f"{code} 不是本枢纽服务的法院，请核对法院代字")
    return code


def invitation(hub: Hub, court: str) -> Invitation:
    """Return a new token for *court*, which is good once it is kept.

    :raises DomainError: as `own_court`.
    :raises StartupError: the address of the join listener is not known.
    """
    code = own_court(hub, court)
    address = public_address(hub.settings, hub.paths, "join")
    token = new_token(code, address, fingerprint(hub.authority.certificate_pem))
    now, lifetime_ms = hub.journal.clock(), hub.settings.join_token_hours * HOUR_MS
    keep = partial(store_token, token=token, now=now, lifetime_ms=lifetime_ms)
    return Invitation(token, now + lifetime_ms, keep)


def shut_out(connection: Connection, court_or_serial: str, now: int) -> list[str]:
    """Revoke every certificate of a court and take back its tokens, or revoke the one with a serial number.

    Returns the serial numbers revoked. One certificate is no court: its court's tokens stay as they are.
    """
    take_back_tokens(connection, court_or_serial)
    return certificates.revoke(connection, court_or_serial, now)
