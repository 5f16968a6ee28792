"""Taking a case from the case source, so that nobody types it."""

from functools import partial

from xiezhi.v1 import case_pb2
from xiezhi_domain.errors import Reason, WrongState
from xiezhi_journal.journal import Journal
from xiezhi_node.cases.checks import check_case
from xiezhi_node.cases.holding import take_case
from xiezhi_node.cases.source import CaseSource


async def import_case(
    journal: Journal, source: CaseSource, case_number: str
) -> tuple[case_pb2.Case, list[str]]:
    """Store the case as the source has it; return it with warnings. *case_number* is in normal form.

    :raises DomainError: what the source says is wrong (as `check_case`), or the source is away.
    """
    found = await source.get_case(case_number)
    case, warnings = check_case(found, journal.court)
    if case.case_number != case_number:
        raise WrongState(Reason.CASE_UNREADABLE, "办案系统返回的不是所查案号的案件，请联系系统管理员")
    await journal.write(partial(take_case, case=case, now=journal.clock()))
    return case, warnings
