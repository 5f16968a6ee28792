"""Trying a template before it is used."""

from pathlib import Path

from xiezhi_domain.terms import PaperType
from xiezhi_papers.jobs import TRY_TEMPLATE
from xiezhi_papers.letters.asked import Proposal, TemplateFormat
from xiezhi_papers.workshop import Workshop


class TemplateTrial:
    """Makes a sample letter with a template, in a helper process."""

    def __init__(self, workshop: Workshop, font_directory: Path | None) -> None:
        self._workshop = workshop
        self._font_directory = str(font_directory or "")

    async def run(
        self, paper: PaperType, template: TemplateFormat, content: bytes, *, shown: bool = False
    ) -> bytes:
        """Let pass a template with which the letter can be made, and return the sample if it is to be shown.

        :raises InvalidInput: naming ``content``, and the field that it names and that is not there.
        :raises Unavailable: TIMED_OUT; the template does not come to an end.
        """
        proposal = Proposal(paper, template, content, self._font_directory, shown)
        return await self._workshop.run(TRY_TEMPLATE, proposal)
