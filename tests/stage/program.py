"""What a court's case system does: it issues orders that were approved there."""

from tests.stage.people import CHIEF, JUDGE, order

from xiezhi_client.sdk import Actor, ApprovalRecord, Document, FindIssue

APPROVAL = ApprovalRecord(
    drafted_by=Actor(officer=JUDGE.officer),
    approved_by=Actor(officer=CHIEF.officer),
    opinion="同意",
    external_reference="审批2026-0001",
)


def approved_issue(
    row: str, matter: str, documents: tuple[Document, ...], *, bulk: bool = True, **changes: object
) -> FindIssue:
    """An order of a batch, approved and sealed."""
    return FindIssue(
        row=row,
        instruction_id=matter,
        order=order(documents, **changes),
        approval=APPROVAL,
        bulk=bulk,
    )
