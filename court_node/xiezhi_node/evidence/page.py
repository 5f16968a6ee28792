"""What the page of a receipt says. Everything but the matter's number stands in the proof that is attached."""

from typing import Final

from xiezhi_domain.court_time import to_text
from xiezhi_domain.errors import Reason
from xiezhi_domain.events.kinds import words
from xiezhi_domain.events.ruling import Ruling
from xiezhi_domain.evidence.canonical import format_base64
from xiezhi_node.evidence.checking import CheckedReceipt
from xiezhi_node.seat import Seat
from xiezhi_papers.receipts.paper import ReceiptPaper

_NOTES: Final = (
    (
        "核验电子文件：xiezhi verify 本文件.pdf --pins 留存.json，不需连接网络；留存.json 写明平台日志的名称和公钥，"
        "应事先从本院取得，不能由出示回执的人提供。本文件内附存证回执（.receipt），请勿打印后丢弃电子文件。"
    ),
    (
        "核对纸质件：扫描二维码，所得六行文字依次为格式、平台日志名称、记录序号、记录哈希、日志长度、日志根，应与上表一致；"
        "xiezhi verify 本文件.pdf --pins 留存.json --qr 所得文字，可核对其与电子文件是否同一份。"
    ),
    "本回执证明该步骤由所列法院签署、平台作出所列裁定并记入日志，此后未经改动；不证明步骤所述事实，也不含当事人信息。",
)


def page_of(
    checked: CheckedReceipt, number: str, seat: Seat, attachment: bytes, font_directory: str, now: int
) -> ReceiptPaper:
    """Return the page; *number* is the matter's, empty for an entry of the directory, *now* in ms."""
    header, ruling, code = checked.header, checked.ruling, checked.code
    rows = [
        ("事项编号", number),
        ("步骤", words(header.kind)),
        ("签署法院", _court(seat, header.sender)),
        ("相对法院", _court(seat, header.to)),
        ("法院所称时间", to_text(header.at)),
        ("平台裁定", _ruled(ruling)),
        ("裁定时间", to_text(ruling.at)),
        ("日志确认", checked.standing.words()),
        ("事项标识", header.instruction),
        ("步骤标识", header.id),
        ("平台日志", code.origin),
        ("记录序号", str(code.index)),
        ("记录哈希", format_base64(code.leaf)),
        ("日志长度", str(code.size)),
        ("日志根", format_base64(code.root)),
        ("出具", f"{_court(seat, seat.court)}　{to_text(now)}"),
    ]
    return ReceiptPaper(
        title="存证回执",
        rows=tuple((name, text) for name, text in rows if text),
        code=code.format(),
        notes=_NOTES,
        attachment_name=f"{header.id}.receipt",
        attachment=attachment,
        font_directory=font_directory,
        timestamp=now // 1000,
    )


def _court(seat: Seat, code: str) -> str:
    return f"{seat.courts.get(code).name}（{code}）" if code in seat.courts else code


def _ruled(ruling: Ruling) -> str:
    if ruling.accepted:
        return f"受理，为该事项第 {ruling.seq} 步"
    reason = Reason.__members__.get(ruling.reason)
    return f"不受理：{reason.zh if reason else ruling.reason}"
