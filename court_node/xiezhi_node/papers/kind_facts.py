"""What a letter about a matter can say because of the matter's kind, beside what all can."""

from sqlalchemy import Connection

from xiezhi_domain.terms import PaperType
from xiezhi_node.instructions.matters import Reader, Seen
from xiezhi_node.papers.delegated_case_facts import delegated_case_facts
from xiezhi_node.papers.distribution_facts import distribution_facts
from xiezhi_node.papers.handover_facts import handover_facts
from xiezhi_node.papers.matter_facts import Facts
from xiezhi_node.papers.plan_facts import plan_facts


def kind_facts(connection: Connection, reader: Reader, seen: Seen, paper: PaperType) -> Facts:
    """Return what *paper* can say of such a matter.

    :raises DomainError: as `plan_facts`, where it is a 财产分配方案.
    """
    if paper is PaperType.DISTRIBUTION_PLAN:
        return plan_facts(connection, reader, seen)
    instruction = seen.instruction.summary.instruction_id
    return {
        **handover_facts(connection, seen.order, instruction, reader.seat, reader.now),
        **distribution_facts(seen.order, reader.seat),
        **delegated_case_facts(connection, seen.order, instruction),
    }
