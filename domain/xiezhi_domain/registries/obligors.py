"""The hard rule on queries: obligors of a case, nobody else."""

from typing import Final

from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_domain.terms import SubjectRole

OBLIGORS: Final = frozenset({SubjectRole.DEBTOR, SubjectRole.PRESERVATION_RESPONDENT})
OBLIGORS_SOURCE: Final = (
    "网络查询、冻结被执行人存款的规定(法释〔2013〕20号) 第1–7条; 财产调查规定(法释〔2017〕8号) 第13、25条"
)
"""No query of persons who are not obligors, no use outside the case. The rulebook says so of 查询; here it holds
for every kind of matter and whatever a court lays over its rules."""


def require_obligor(role: SubjectRole) -> None:
    """Let pass who may be asked about.

    :raises NotAllowed: NOT_AN_OBLIGOR, naming rule and articles.
    """
    if role not in OBLIGORS:
        words = "、".join(each.zh for each in sorted(OBLIGORS))
        raise NotAllowed(
            Reason.NOT_AN_OBLIGOR,
            f"登记查询只能针对案件的{words}，该对象为{role.zh}，不能查询（依据：{OBLIGORS_SOURCE}）",
            metadata={"source": OBLIGORS_SOURCE},
        )
