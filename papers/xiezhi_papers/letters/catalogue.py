"""Which paper is which record."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.terms import PaperType
from xiezhi_papers.letters import delegated_case, distribution, filing, records
from xiezhi_papers.letters.records import Letter

LETTERS: Final[Mapping[PaperType, type[Letter]]] = MappingProxyType(
    {
        record.paper: record
        for record in (
            records.EntrustmentLetter,
            records.AssistanceLetter,
            records.HandoverRequest,
            records.HandoverLetter,
            distribution.DistributionLetter,
            records.ReturnLetter,
            records.FeedbackLetter,
            records.SupplementNotice,
            records.StopLetter,
            records.RerouteLetter,
            records.ForwardLetter,
            records.ExtensionRequest,
            records.SupervisionLetter,
            records.SupervisionReply,
            records.ComplaintExplanation,
            filing.PerformanceNotice,
            filing.PropertyReportOrder,
            filing.PropertyDeclaration,
            filing.ConsumptionRestriction,
            delegated_case.CaseDelegationLetter,
            delegated_case.FilingNotice,
            delegated_case.CaseReturnLetter,
            distribution.DistributionPlan,
        )
    }
)
"""The letters that are made here, in the order of the vocabulary."""


def letter_of(paper: PaperType, field: str) -> type[Letter]:
    """Return the record of a letter.

    :raises InvalidInput: naming *field*; this paper is not made here.
    """
    record = LETTERS.get(paper)
    if record is None:
        raise InvalidInput.in_field(field, f"{paper.zh}不由本平台生成，请选择其他文书")
    return record


def is_about_case(record: type[Letter]) -> bool:
    """Return whether the letter is about a case and not about a matter."""
    return issubclass(record, filing.FilingPaper)
