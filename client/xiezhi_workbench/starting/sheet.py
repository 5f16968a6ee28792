"""One form on its way: what it says so far, for which kind it is, and what the buttons do to it."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

from xiezhi_client.sdk import (
    Case,
    Client,
    Court,
    Document,
    DossierDocument,
    DossierPick,
    NotFound,
    XiezhiError,
)
from xiezhi_client.sdk.vocabulary import PaperType as PaperName
from xiezhi_domain.rulebook import KindRules, Rulebook
from xiezhi_domain.terms import PaperType
from xiezhi_workbench.asking import first
from xiezhi_workbench.page import Page, Problem
from xiezhi_workbench.starting import view
from xiezhi_workbench.starting.courts import Courts
from xiezhi_workbench.starting.description import Setting, Start
from xiezhi_workbench.starting.entries import (
    SUBJECTS,
    Typed,
    compact,
    plain_of,
    rows_of,
    subjects_of,
    typed_of,
    without_row,
)
from xiezhi_workbench.starting.shapes import Shape
from xiezhi_workbench.starting.starts import start_of

_MOST_DOSSIER: Final = 200
_NUMBER: Final = re.compile(r"^[0-9]{1,3}$")
_TYPED_PAPER: Final = re.compile(r"^documents\.\d{1,2}\.paper_type$")


@dataclass(slots=True)
class Sheet:
    """What a form shows. `picks` are papers ticked in the dossier, `stored` is the server's answer to the draft."""

    matter: str
    case: Case
    typed: Typed = field(default_factory=dict)
    subjects: Sequence[int] = ()
    picks: Sequence[DossierPick] = ()
    problem: Problem | None = None
    stored: Any = None
    is_draft: bool = False
    added: str = ""
    """The list to which a row was just added."""
    focus: str = ""
    """Where the reader goes on: the field of a court just chosen, the list of a row just removed."""
    finding: str = ""
    """The field whose court is looked for."""
    found: Sequence[Court] = ()
    under: str = ""
    wants_dossier: bool = False
    dossier: Sequence[DossierDocument] = ()
    dossier_problem: str = ""

    @property
    def papers(self) -> list[Typed]:
        """The papers that go with it."""
        return rows_of(self.typed, "documents")

    @property
    def picked(self) -> dict[str, str]:
        """The papers ticked in the dossier, each with the type chosen."""
        return {each.document_id: each.paper_type for each in self.picks}

    def add_papers(self, papers: Iterable[Document]) -> None:
        """Add papers that were uploaded."""
        at = len(self.papers)
        there = {row["sha256"] for row in self.papers}
        for paper in papers:
            if paper.sha256 not in there:
                values = {"sha256": paper.sha256, "name": paper.name, "paper_type": paper.paper_type}
                self.typed |= {f"documents[{at}].{name}": value for name, value in values.items() if value}
                at += 1

    async def open_dossier(self, client: Client) -> None:
        """List the papers of the case's dossier; recorded as a look."""
        try:
            rows = client.dossiers.list(self.case.case_number, page_size=_MOST_DOSSIER)
            self.dossier = await first(rows, _MOST_DOSSIER)
        except XiezhiError as error:
            self.dossier_problem = error.message


@dataclass(frozen=True, slots=True)
class Told:
    """What the reader is told beside the form."""

    rules: KindRules
    sections: Sequence[view.ShownSection]
    lacks: Sequence[view.Lack]
    papers: Sequence[view.AskedPaper]


@dataclass(frozen=True, slots=True)
class Situation:
    """The kind that the address names, its description, the rulebook in force, the directory of courts."""

    start: Start
    rules: KindRules
    rulebook: Rulebook
    courts: Courts
    own: str

    @classmethod
    async def of(cls, page: Page) -> "Situation":
        """Fetch what the page needs. Raise `NotFound` for a kind that the rulebook does not have."""
        rulebook, courts = await asyncio.gather(
            page.rulebooks.in_force(page.client), page.client.directory.courts()
        )
        kind = page.request.path_params["kind"]
        if kind not in rulebook.kinds:
            raise NotFound("UNKNOWN_KIND", "没有这类事项")
        own = page.me.court
        return cls(start_of(kind), rulebook.kind(kind), rulebook, Courts(courts, own), own)

    def read(self, page: Page, case: Case) -> Sheet:
        """Read what was sent, the courts by their codes where it is clear which are meant."""
        done, _, what = page.text("do").partition(":")
        typed = typed_of(self.start.record, page.form)
        if done == "drop":
            name, _, at = what.rpartition(":")
            typed = without_row(typed, name, int(at)) if _NUMBER.match(at) else typed
        sheet = Sheet(page.text("instruction_id"), case, compact(typed), subjects_of(page.form))
        sheet.picks = _picks(page)
        sheet.wants_dossier = done == "dossier" or bool(page.text("dossier.open"))
        for each in view.fields(self.sections(sheet)):
            if each.shape is Shape.COURT and each.value:
                sheet.typed[each.name] = self.courts.code_or_text(each.value)
        return sheet

    def change(self, sheet: Sheet, done: str, what: str) -> None:
        """Do what a button of the form asks for: a row more, a court chosen or looked for."""
        if done == "add":
            sheet.added = what
        elif done == "pick":
            name, _, code = what.rpartition(":")
            sheet.typed[name] = code
            sheet.focus = name
        elif done == "drop":
            sheet.focus = what.rpartition(":")[0]
        elif done == "find":
            name, _, sheet.under = what.partition(":")
            sheet.finding = name
            text = sheet.typed.get(name, "")
            searched = not sheet.under and text and text not in self.courts.codes
            sheet.found = self.courts.search(text) if searched else self.courts.under_or_start(sheet.under)

    def setting(self, sheet: Sheet) -> Setting:
        """Give what the form is made for: the rules between this court and the one that is chosen."""
        receiver = sheet.typed.get("receiver", "")
        known = receiver if receiver in self.courts.codes else ""
        rules = self.rulebook.rules(self.rules.kind, self.own, known)
        return Setting(rules, sheet.case, self.own, sheet.typed)

    def sections(self, sheet: Sheet) -> list[view.ShownSection]:
        """Give the form as it is shown."""
        return view.sections(self.start, self.setting(sheet), sheet.added)

    def told(self, sheet: Sheet, page: Page) -> Told:
        """Give the form, what it lacks, and which papers are asked for."""
        shown, rules = self.sections(sheet), self.setting(sheet).rules
        present = {row.get("paper_type", "") for row in sheet.papers} | set(sheet.picked.values())
        present |= {str(value) for name, value in page.form.multi_items() if _TYPED_PAPER.match(name)}
        present |= {str(value).rpartition(" ")[2] for value in page.form.getlist("documents.type")}
        papers = view.papers_asked(rules, view.acts_of(sheet.typed), present)
        return Told(rules, shown, list(view.lacks(shown, sheet.subjects)), papers)

    def plain(self, sheet: Sheet) -> tuple[dict[str, Any], dict[str, str]]:
        """Give the order as its record takes it, and what is wrong by field."""
        plain, wrong = plain_of(self.start.record, sheet.typed, self.courts.code_of)
        if not self.start.to_superior:
            plain |= {"case_number": sheet.case.case_number, SUBJECTS: list(sheet.subjects)}
        return plain, wrong


def _picks(page: Page) -> list[DossierPick]:
    """Give the papers ticked in the dossier; one without a type keeps the dossier's."""
    picks = []
    for value in page.form.getlist("dossier"):
        if isinstance(value, str) and value:
            chosen = page.text(f"dossier.type.{value}")
            paper_type = cast(PaperName, chosen if chosen in set(PaperType) else "")
            picks.append(DossierPick(document_id=value, paper_type=paper_type))
    return picks
