"""Rules that courts propose for themselves (本地要求), in the journal and in the contract: alike at hub and node."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Row, select, update

from xiezhi.v1 import directory_service_pb2, own_rules_service_pb2
from xiezhi_desk.terms import OWN_RULES_STATES
from xiezhi_desk.timestamps import to_timestamp
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.rulebook import Rulebook
from xiezhi_domain.rulebook.describe import differences
from xiezhi_domain.terms import OwnRulesState
from xiezhi_journal.bulk import insert_rows, upsert_rows
from xiezhi_journal.reading import Page
from xiezhi_journal.reading.paging import token_after
from xiezhi_journal.tables import own_rules as table

MOST_DIFFERENCES: Final = 500
NO_CHANGE: Final = "与现行要求相同，无需申报"
"""What is said of a proposal that changes nothing in the rulebook published last."""
MOST_ROWS: Final = 16
"""Of a page, so that it stays below 512 KiB: each row has a document of up to 16 KiB and words about it."""


@dataclass(frozen=True, slots=True)
class ProposedRules:
    """A row of `own_rules`, in the order of its columns. Times are in ms, 0 where there is none."""

    proposal: str
    court: str
    state: OwnRulesState
    name: str
    content: str
    valid_from: str
    proposed_by: str
    proposed_at: int
    consent: str = ""
    decided_by: str = ""
    decided_at: int = 0
    reason: str = ""
    rulebook: str = ""
    version: str = ""

    def message(self) -> own_rules_service_pb2.ProposedRules:
        """Return it as the contract shows it."""
        return own_rules_service_pb2.ProposedRules(
            proposal_id=self.proposal,
            court=self.court,
            state=OWN_RULES_STATES.to_proto(self.state),
            document=directory_service_pb2.RulebookDocument(name=self.name, content=self.content),
            valid_from=self.valid_from,
            proposed_by=self.proposed_by,
            proposed_at=to_timestamp(self.proposed_at),
            consent=self.consent.split(),
            decided_by=self.decided_by,
            decided_at=to_timestamp(self.decided_at) if self.decided_at else None,
            reason=self.reason,
            rulebook=self.rulebook,
            version=self.version,
        )

    @classmethod
    def of(cls, message: own_rules_service_pb2.ProposedRules) -> "ProposedRules":
        """Return what a message says.

        :raises InvalidInput: a state that this version does not know.
        """
        return cls(
            proposal=message.proposal_id,
            court=message.court,
            state=OWN_RULES_STATES.from_proto(message.state, "state"),
            name=message.document.name,
            content=message.document.content,
            valid_from=message.valid_from,
            proposed_by=message.proposed_by,
            proposed_at=message.proposed_at.ToMilliseconds(),
            consent=" ".join(message.consent),
            decided_by=message.decided_by,
            decided_at=message.decided_at.ToMilliseconds(),
            reason=message.reason,
            rulebook=message.rulebook,
            version=message.version,
        )


def add_proposed(connection: Connection, row: ProposedRules) -> None:
    """Add a proposal."""
    insert_rows(connection, table, [_values(row)])


def keep_proposed(connection: Connection, rows: Sequence[ProposedRules]) -> None:
    """Store proposals as they stand now."""
    upsert_rows(connection, table, [_values(row) for row in rows])


def find_proposed(connection: Connection, proposal: str) -> ProposedRules | None:
    """Return a proposal, None where it is not here."""
    row = connection.execute(select(table).where(table.c.proposal == proposal)).one_or_none()
    return _read(row) if row is not None else None


def list_proposed(
    connection: Connection, page: Page, court: str = "", state: OwnRulesState | None = None
) -> tuple[list[ProposedRules], str]:
    """Return a page of proposals, the last first, of a *court* or of all, and the token of the next page.

    A page has `MOST_ROWS` at most, however many it asks for.

    :raises InvalidInput: a token of another list.
    """
    size = min(page.size, MOST_ROWS)
    query = select(table).order_by(table.c.proposal.desc()).limit(size + 1)
    after = page.after(str)
    if after is not None:
        query = query.where(table.c.proposal < after[0])
    if court:
        query = query.where(table.c.court == court)
    if state is not None:
        query = query.where(table.c.state == state)
    found = [_read(row) for row in connection.execute(query)]
    shown = found[:size]
    return shown, token_after(shown[-1].proposal) if len(found) > len(shown) else ""


def proposed_page(
    connection: Connection, request: own_rules_service_pb2.ListProposedRulesRequest, court: str = ""
) -> own_rules_service_pb2.ListProposedRulesResponse:
    """Return the page that *request* asks for, of a *court* or of all.

    :raises InvalidInput: a state that this version does not know, a token of another list.
    """
    state = OWN_RULES_STATES.from_proto(request.state, "state") if request.state else None
    page = Page.of(request.page_size, request.page_token)
    found, token = list_proposed(connection, page, court, state)
    return own_rules_service_pb2.ListProposedRulesResponse(
        proposals=[each.message() for each in found], next_page_token=token
    )


def is_any_waiting(connection: Connection) -> bool:
    """Return whether anything here is on its way to the hub, or waits for its court's consent."""
    waits = table.c.state.in_([OwnRulesState.QUEUED, OwnRulesState.AWAITING_CONSENT])
    return connection.execute(select(table.c.proposal).where(waits).limit(1)).first() is not None


def queued(connection: Connection) -> list[ProposedRules]:
    """Return what was not told to the hub yet, the first first."""
    query = select(table).where(table.c.state == OwnRulesState.QUEUED).order_by(table.c.proposal)
    return [_read(row) for row in connection.execute(query)]


def take_back_waiting(connection: Connection, court: str, at: int, reason: str) -> None:
    """Take back what of a court still waits for consent."""
    waits = (table.c.court == court, table.c.state == OwnRulesState.AWAITING_CONSENT)
    taken = {"state": OwnRulesState.TAKEN_BACK, "decided_at": at, "reason": reason}
    connection.execute(update(table).where(*waits).values(taken))


def changes_between(
    before: Rulebook, after: Rulebook
) -> tuple[list[directory_service_pb2.RulebookDifference], int]:
    """Return what *after* changes in *before*, and how many more changes there are."""
    changed = differences(before, after)
    shown = [
        directory_service_pb2.RulebookDifference(path=path, before=old, after=new)
        for path, old, new in changed[:MOST_DIFFERENCES]
    ]
    return shown, len(changed) - len(shown)


def first_day(text: str) -> date:
    """Return the first day that a request wants.

    :raises InvalidInput: no day.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput.in_field("valid_from", "生效日期写作 2026-12-01") from error


def _values(row: ProposedRules) -> tuple[Any, ...]:
    return tuple(str(value) if isinstance(value, OwnRulesState) else value for value in astuple(row))


def _read(row: Row[Any]) -> ProposedRules:
    values = row._asdict()
    return ProposedRules(**{**values, "state": OwnRulesState(row.state)})
