"""Letters for tests, as PDF and Word. The people in them are impossible."""

from xiezhi_domain.terms import PaperType
from xiezhi_papers.letters.asked import LetterFormat, LetterJob, TemplateFormat, pack
from xiezhi_papers.letters.make import make_letter
from xiezhi_papers.letters.records import EntrustmentLetter
from xiezhi_papers.letters.rows import ItemLine, Party


def entrustment(**changes: object) -> EntrustmentLetter:
    values: dict = {
        "court": "江苏省苏州市虎丘区人民法院",
        "addressee": "江苏省太仓市人民法院",
        "number": "苏0505委〔2026〕1187号",
        "date": "二〇二六年十一月二十二日",
        "officer": "测试甲",
        "phone": "0512-00000000",
        "enclosures": ("执行裁定书",),
        "case_number": "（2026）苏0505执1234号",
        "debtors": "测试乙有限公司",
        "request": "请核实<查封>&占有情况",
        "limit": "15日",
        "parties": (Party(role="被执行人", name="测试乙有限公司", number="91320500MA0000007J"),),
        "items": (ItemLine(number="1", act="现场勘查", target="测试路1号", scope="核实占有使用情况"),),
    }
    return EntrustmentLetter(**(values | changes))


def made(
    *formats: LetterFormat, templates: dict[TemplateFormat, bytes] | None = None, **changes: object
) -> list[bytes]:
    job = LetterJob(
        PaperType.ENTRUSTMENT_LETTER,
        pack(entrustment(**changes)),
        formats,
        templates or {},
        "",
        1_764_000_000,
    )
    return make_letter(job)


def a_pdf() -> bytes:
    return made(LetterFormat.PDF)[0]
