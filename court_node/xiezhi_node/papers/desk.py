"""What the court's desk needs for papers, made once for the program."""

from dataclasses import dataclass

from xiezhi_desk.documents.examination import WorkshopExaminer
from xiezhi_journal.journal import Journal
from xiezhi_node.config import NodeSettings
from xiezhi_papers.seals.provider import FileSeal, SealProvider
from xiezhi_papers.workshop import Workshop


@dataclass(frozen=True, slots=True)
class PaperDesk:
    """The helper processes, who looks into documents there, and what affixes the court's seal."""

    workshop: Workshop
    examiner: WorkshopExaminer
    provider: SealProvider

    @classmethod
    def around(cls, settings: NodeSettings, workshop: Workshop, journal: Journal) -> "PaperDesk":
        """Return the desk for papers of a node."""
        return cls(
            workshop,
            WorkshopExaminer(workshop, settings.seal_trust_file, journal.clock),
            FileSeal(workshop, settings.seal_key_file, settings.seal_passphrase_file),
        )
