"""What lists show of a matter and folds do not know, taken from the bodies of its events.

Writing and rebuilding the projections both ask here, so that they agree.
"""

from collections.abc import Iterator
from typing import TypeVar

from google.protobuf.message import DecodeError, Message

from xiezhi.v1 import case_pb2, event_pb2, party_pb2
from xiezhi_domain.errors import FormatError
from xiezhi_domain.events.header import Header
from xiezhi_domain.terms import EventKind
from xiezhi_journal.matter import Labels
from xiezhi_journal.proofs import part_content

MessageT = TypeVar("MessageT", bound=Message)


def labels_of_issue(body: event_pb2.Body) -> Labels:
    """Return case number and names of the subjects as the sender's first event states them.

    :raises FormatError: a part is not the message that its name says.
    """
    return Labels(case_number=case_number_of(body), subject_names="、".join(_names(body)))


def case_number_of(body: event_pb2.Body) -> str:
    """Return the sender's case number: all that a hub's lists show, because names are the courts' business.

    :raises FormatError: as `labels_of_issue`.
    """
    return _read(case_pb2.Case, part_content(body, "case")).case_number


def officer_of_assignment(body: event_pb2.Body) -> tuple[str, str]:
    """Return account id and name of the officer that an assignment names; both empty without that part.

    :raises FormatError: as `labels_of_issue`.
    """
    assignee = _read(event_pb2.Assignment, part_content(body, "assignment")).assignee
    return assignee.account_id, assignee.officer.name


def author_of_order(body: event_pb2.Body) -> tuple[str, str]:
    """Return account id and name of who drafted an order, as its approval says; both empty without that part.

    :raises FormatError: as `labels_of_issue`.
    """
    author = _read(event_pb2.ApprovalRecord, part_content(body, "approval")).drafted_by
    return author.account_id, author.officer.name


def labels_after(before: Labels, header: Header, body: event_pb2.Body, court: str) -> Labels:
    """Return what the lists of *court* show after an event. Officers are those of *court* alone.

    :raises FormatError: as `labels_of_issue`.
    """
    own = header.sender == court
    match header.kind:
        case EventKind.ISSUED:
            account, name = author_of_order(body) if own else ("", "")
            return labels_of_issue(body)._replace(officer=account, officer_name=name)
        case EventKind.ASSIGNED | EventKind.OFFICER_CHANGED if own:
            account, name = officer_of_assignment(body)
        case EventKind.RECUSED if own and part_content(body, "assignment"):
            account, name = officer_of_assignment(body)
        case EventKind.HANDED_BACK if own:
            account, name = "", ""
        case _:
            return before
    return before._replace(officer=account, officer_name=name)


def _names(body: event_pb2.Body) -> Iterator[str]:
    for part in body.parts:
        if part.name.startswith("subject/"):
            subject = _read(party_pb2.Subject, part.content)
            name = subject.person.name or subject.organisation.name
            if name:
                yield name


def _read(message: type[MessageT], content: bytes) -> MessageT:
    try:
        return message.FromString(content)
    except DecodeError as error:
        raise FormatError("事件内容无法读取") from error
