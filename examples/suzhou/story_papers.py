"""文书: a checklist, letters singly and in a batch, the court's own template, seals that hold and one that does not."""

import asyncio
import zipfile
from dataclasses import replace
from pathlib import Path

from acts import FOUND, SEARCH, assign, confirm, send
from cast import (
    CHIEF,
    DIRECTOR,
    DISPATCHER,
    JUDGE,
    PARK_CASE,
    SEALER,
    SPECIALIST,
    SUPERVISOR,
    Player,
)
from courts import GUSU
from players import Done, Players, eventually, refused, require
from telling import say, tell_timeline

from xiezhi_client.sdk import (
    Document,
    FindOrder,
    Item,
    ItemOutcome,
    LetterOrder,
    Property,
    PublishedRulebook,
    new_instruction_id,
)
from xiezhi_client.sdk.vocabulary import LetterFormat, PaperType
from xiezhi_domain.terms import EventKind, SealState
from xiezhi_domain.terms import PaperType as Paper

BOTH: tuple[LetterFormat, ...] = ("PDF", "DOCX")
INVESTIGATE = Item(
    number=3,
    act="INVESTIGATE",
    subject_number=1,
    property=Property(category="VEHICLE", description="被执行人名下车辆"),
    scope="核查车辆权属",
    clue="申请执行人提供",
)
NOT_SEEN = ItemOutcome(number=3, outcome="NOT_DONE", reason="CLUE_FALSE", note="车辆已转让他人")
FILING: dict[PaperType, dict[str, str]] = {
    "PERFORMANCE_NOTICE": {
        "account_name": "演示法院执行款专户",
        "account_bank": "演示银行",
        "account_number": "0000",
    },
    "PROPERTY_REPORT_ORDER": {"deadline": "十五日"},
    "PROPERTY_DECLARATION": {},
    "CONSUMPTION_RESTRICTION": {},
}
"""The four papers at the filing of a case, and what has to be entered for them."""

OVERLAY = f"""\
court = "{GUSU}"
[[kind.FIND.papers]]
acts = ["INVESTIGATE"]
papers = ["PHOTO"]
reason = "委托调查车辆的，附车辆照片"
source = "姑苏法院本地要求（演示）"
confirmed = false
local = true
"""

CAST = (JUDGE, CHIEF, SEALER, DIRECTOR, DISPATCHER, SPECIALIST, SUPERVISOR)


async def play(players: Players) -> None:
    """The whole story."""
    story = Story(players)
    await story.the_filing_papers_come_in_a_batch()
    await story.gusu_asks_for_a_photo()
    await story.what_is_missing_is_listed()
    await story.letters_are_made()
    await story.the_court_uses_its_own_template()
    await story.seals_are_made_and_checked()
    await story.gusu_answers()
    await story.everything_is_checked()
    await story.gusu_asks_no_more()


class Story:
    """One matter and its papers."""

    def __init__(self, players: Players) -> None:
        self._players = players
        self._judge = players.client(JUDGE)
        self._order = FindOrder(
            case_number=PARK_CASE,
            receiver=GUSU,
            subject_numbers=(1,),
            items=(*SEARCH, INVESTIGATE),
            request_text="请协助查找被执行人并核查车辆。",
            why_not_query="线索需现场核实",
        )
        self.matter = new_instruction_id()
        self.letter = Document()
        self.sealed = Document()
        self.broken = Document()

    async def the_filing_papers_come_in_a_batch(self) -> None:
        """Four papers for the debtor, one row that is wrong; each is told as soon as it is done."""
        rows = {
            f"{Paper(paper).zh}": LetterOrder(
                paper_type=paper, case_number=PARK_CASE, subject_number=1, entries=entries, formats=BOTH
            )
            for paper, entries in FILING.items()
        }
        rows["缺字段的一行"] = LetterOrder(
            paper_type="PROPERTY_REPORT_ORDER", case_number=PARK_CASE, subject_number=1
        )
        say("一、立案文书，批量生成", "")
        made = 0
        async for row in self._judge.papers.make_many(rows, purpose="立案后制发文书"):
            for letter in row.made:
                (self._players.folder / letter.name).write_bytes(letter.content)
            made += len(row.made)
            names = "、".join(letter.name for letter in row.made)
            say("", f"{row.done}/{row.total}　{names or f'{row.row}：{row.message}'}")
        require(made == len(FILING) * len(BOTH), made)

    async def gusu_asks_for_a_photo(self) -> None:
        """A slip is told with its place; put right, the overlay is in force at every court."""
        wrong = await self._publish(OVERLAY.replace("papers = [", "paper = ["))
        require(wrong.code == 1, wrong)
        say("二、姑苏法院的本地要求", f"叠加文件有误时指出：{wrong.err.strip().splitlines()[-1]}")
        rulebook = await self._in_force(OVERLAY)
        say("", f"中院发布规则库 {rulebook.version}，自 {rulebook.valid_from} 起用于新事项，各法院已收到")

    async def gusu_asks_no_more(self) -> None:
        """An overlay without rules withdraws the one before; what was sent keeps its rulebook."""
        rulebook = await self._in_force(OVERLAY.splitlines()[0])
        say("", f"姑苏法院撤回本地要求：规则库 {rulebook.version}")

    async def _in_force(self, overlay: str) -> PublishedRulebook:
        """Publish an overlay and wait until the sender's node has it."""
        known = (await self._judge.directory.rulebooks())[0]
        done = await self._publish(overlay)
        require(done.code == 0, done)

        async def look() -> PublishedRulebook | None:
            last = (await self._judge.directory.rulebooks())[0]
            return last if last.hash != known.hash else None

        return await eventually(look, f"{JUDGE.name} 处应有新的规则库")

    async def _publish(self, overlay: str) -> Done:
        file = self._players.folder / f"{GUSU}.toml"
        file.write_text(overlay, "utf-8")
        today = self._players.today().isoformat()
        command = ("rulebook", "publish", file, "--from", today, "--yes")
        return await asyncio.to_thread(self._players.admin_terminal, "hub", *command)

    async def what_is_missing_is_listed(self) -> None:
        """Before sending: what each act needs, and what the receiver wants beside."""
        await self._judge.find.draft(self._order, self.matter)
        missing = await self._judge.papers.missing(self.matter)
        lacking = [paper for act in missing.acts for paper in act.missing]
        say("三、送审之前的文书清单", "；".join(f"缺{Paper(p.paper_type).zh}（{p.reason}）" for p in lacking))
        require({p.paper_type for p in lacking} == {"ENTRUSTMENT_LETTER", "QUERY_NOTICE"}, missing)
        local = "、".join(p.reason for p in missing.receiver_additions)
        require([p.paper_type for p in missing.receiver_additions] == ["PHOTO"], missing)
        say("", f"姑苏法院的本地要求：{local}")
        say("", f"缺文书时送审被拒：{await refused(self._judge.instructions.submit(self.matter))}")

    async def letters_are_made(self) -> None:
        """The letter of entrustment as PDF and Word, from what the case and the matter say."""
        order = LetterOrder(paper_type="ENTRUSTMENT_LETTER", instruction_id=self.matter, formats=BOTH)
        pdf, word = [made.document for made in await self._judge.papers.make(order)]
        assert pdf is not None, "a letter about a matter is a document of it"
        assert word is not None, "likewise"
        require((await self._text(JUDGE, word)).count(PARK_CASE) > 0, word)
        self.letter = pdf
        say("四、生成委托函", f"{pdf.name}（{pdf.pages} 页）、{word.name}，案号、当事人、事项清单自动填入")

    async def the_court_uses_its_own_template(self) -> None:
        """A slip in a template is found at once; the good one holds for Word and PDF; then back to the shipped one."""
        director = self._players.client(DIRECTOR).papers
        shipped = (await director.template("ENTRUSTMENT_LETTER", "WORDING")).content.decode()
        wrong = shipped.replace("{{ case_number }}", "{{ case_no }}")
        told = await refused(director.put_template("ENTRUSTMENT_LETTER", "WORDING", wrong.encode()))
        own = shipped.replace("现委托你院", "现依法委托你院")
        require(own != shipped, "模板中没有要改的字")
        await director.put_template("ENTRUSTMENT_LETTER", "WORDING", own.encode())
        order = LetterOrder(paper_type="ENTRUSTMENT_LETTER", instruction_id=self.matter, formats=("DOCX",))
        [made] = await self._judge.papers.make(order)
        assert made.document is not None, "as above"
        require("现依法委托你院" in await self._text(JUDGE, made.document), made)
        await director.put_template("ENTRUSTMENT_LETTER", "WORDING", b"")
        require(not any(each.own for each in await director.templates()), "模板没有改回")
        say("五、本院模板", f"字段写错时指出：{told}；改好后启用，随后改回随平台提供的模板")

    async def seals_are_made_and_checked(self) -> None:
        """A sealed letter goes out with a copy of it that somebody has altered."""
        sealer = self._players.client(SEALER)
        self.sealed = await sealer.papers.seal(self.matter, self.letter.sha256)
        content = await self._content(JUDGE, self.sealed)
        altered = content.replace(b"/Contents", b"/contents", 1).replace(b"%PDF-1.7", b"%PDF-1.6", 1)
        require(altered != content, "没有改动")
        self.broken = await self._judge.documents.upload(
            self.matter, altered, "OTHER", name="被改动的委托函.pdf"
        )
        states = [
            SealState((await self._judge.papers.check_seal(self.matter, each.sha256)).state)
            for each in (self.sealed, self.broken)
        ]
        require(states == [SealState.VALID, SealState.ALTERED], states)
        (notice,) = await self._players.papers(JUDGE, self.matter, "QUERY_NOTICE")
        photo = await self._players.upload(JUDGE, self.matter, "现场照片-车辆.jpg", "PHOTO")
        order = replace(self._order, documents=(self.sealed, self.broken, notice, photo))
        draft = await self._judge.find.draft(order, self.matter)
        require(not draft.missing_papers, draft)
        await send(self._players, self.matter, CHIEF)
        say(
            "六、电子签章",
            f"{SEALER.name} 加盖电子签章：{states[0].zh}；另有一份签章后被改动：{states[1].zh}。一并推送",
        )

    async def gusu_answers(self) -> None:
        """Seals are shown as seen on arrival, and refuse nothing; the answer is a letter again."""
        await assign(self._players, self.matter)
        arrived = (await self._players.client(DISPATCHER).instructions.get(self.matter)).documents
        seen = {each.sha256: SealState(each.seal_state) for each in arrived}
        found = [seen.get(each.sha256) for each in (self.sealed, self.broken)]
        require(found == [SealState.VALID, SealState.ALTERED], seen)
        check = await self._players.client(DISPATCHER).papers.check_seal(self.matter, self.sealed.sha256)
        say(
            "七、姑苏法院收到",
            f"到达时自动核验：{found[0].zh if found[0] else ''}（{check.seals[0].signer}）、"
            f"{found[1].zh if found[1] else ''}；只提示，不拒收",
        )
        specialist = self._players.client(SPECIALIST)
        order = LetterOrder(
            paper_type="FEEDBACK_LETTER",
            instruction_id=self.matter,
            entries={"summary": "已上门核查"},
            formats=("PDF",),
        )
        [made] = await specialist.papers.make(order)
        assert made.document is not None, "as above"
        await specialist.instructions.complete(
            self.matter, "结果见反馈函", (*FOUND, NOT_SEEN), (made.document,)
        )
        await self._players.until(JUDGE, self.matter, "REPORTED", settled=True)
        await confirm(self._players, self.matter)
        say("", f"{SPECIALIST.name} 生成反馈函，随办结反馈送回；{JUDGE.name} {EventKind.CONFIRMED.zh}")

    async def everything_is_checked(self) -> None:
        """The timeline; papers arrived unchanged; copies; receipts."""
        say("八、办理轨迹与核验", "")
        timeline = await self._judge.instructions.timeline(self.matter)
        tell_timeline(timeline)
        for document in (self.sealed, self.broken):
            sent, arrived = await self._content(JUDGE, document), await self._content(DISPATCHER, document)
            require(sent == arrived, document)
        count = await self._players.check_copies(self.matter)
        await self._players.check_receipts(timeline)
        say("", f"文书逐字节一致；三方所存 {count} 项记录逐字节一致，存证回执离线核验通过")

    async def _content(self, player: Player, document: Document) -> bytes:
        return (await self._download(player, document)).read_bytes()

    async def _text(self, player: Player, document: Document) -> str:
        with zipfile.ZipFile(await self._download(player, document)) as word:
            return word.read("word/document.xml").decode()

    async def _download(self, player: Player, document: Document) -> Path:
        folder = self._players.folder / player.login
        folder.mkdir(exist_ok=True)
        return await self._players.client(player).documents.download(self.matter, document.sha256, folder)
