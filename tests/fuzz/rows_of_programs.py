"""What hub and node read beside events: tokens, certificates, configuration, uploads, what people set."""

import io
import tempfile
from pathlib import Path
from typing import Final

from tests.fuzz.decoder import Decoder, from_file
from tests.integration.wire.pki import Pki
from tests.unit.adapters.books import CASE_TOML, write_book, write_folder
from tests.unit.papers.test_examine import blank, tiff

from xiezhi_adapters.folder import FolderRecords
from xiezhi_adapters.registry_sim.behaviour import load_behaviour
from xiezhi_adapters.sheet import read_book
from xiezhi_desk.access import check_purpose
from xiezhi_desk.accounts.account import check_login
from xiezhi_desk.accounts.administration import check_label
from xiezhi_desk.accounts.bearer import token_kind
from xiezhi_desk.accounts.passwords import check_password
from xiezhi_desk.documents.document import check_name, check_sha256
from xiezhi_desk.notifying.mobiles import mobile_of
from xiezhi_desk.notifying.preferences import check_email
from xiezhi_desk.notifying.schedule import QuietHours
from xiezhi_desk.notifying.settings import load_notifying
from xiezhi_desk.roster.duty import parse_day, start_of
from xiezhi_desk.secret_file import load_or_create_secret
from xiezhi_desk.settings import load_settings
from xiezhi_desk.statistics.questions import day_of
from xiezhi_domain.errors import DomainError
from xiezhi_domain.registries.categories import read_categories
from xiezhi_domain.terms import PaperType
from xiezhi_hub.config import HubSettings
from xiezhi_journal.headfile import HeadFile
from xiezhi_journal.keys import SigningKey
from xiezhi_journal.reading.paging import Page, token_after
from xiezhi_journal.signer import HeldKey
from xiezhi_journal.signer_line import parse_answer
from xiezhi_node.config import NodeSettings
from xiezhi_node.ordering import item_checks
from xiezhi_node.registries.settings import load_registries
from xiezhi_node.sheets.layout import load_layouts
from xiezhi_papers.letters import pdf, word
from xiezhi_papers.letters.asked import TemplateFormat
from xiezhi_papers.letters.catalogue import LETTERS
from xiezhi_papers.letters.shipped import shipped_template
from xiezhi_papers.letters.templates import sample
from xiezhi_papers.letters.wording import context_of, fill_in, parse_wording, shipped_wording
from xiezhi_papers.seals.check import check_seals
from xiezhi_papers.seals.seals import PDF, SealCheck
from xiezhi_papers.sniffing.examine import examine
from xiezhi_papers.sniffing.media_type import media_type
from xiezhi_papers.sniffing.names import check_promise
from xiezhi_papers.sniffing.suspect import Suspect
from xiezhi_wire import jointoken
from xiezhi_wire.certificates import load_key
from xiezhi_wire.peer import read_certificate
from xiezhi_wire.policy import MethodPolicy
from xiezhi_wire.startup import StartupError

NOTIFYING_TOML = b"""
[sms]
url = "https://gateway.example/sms"
timeout_s = 3.5
[email]
host = "mail.example"
sender = "xiezhi@court.example"
[[webhook]]
name = "office"
url = "https://office.example/in"
secret_file = "secret"
kinds = ["OVERDUE"]
"""
REGISTRIES_TOML = b"""
region = "320500"
[[connector]]
name = "car"
address = "127.0.0.1:1"
authority = "a.pem"
certificate = "c.pem"
key = "k.pem"
categories = ["VEHICLE"]
[category.VEHICLE]
timeout_s = 3
"""
COLUMNS_TOML = b"""
[ledger]
title = "list"
columns = [{field = "SERIAL"}, {field = "CASE_NUMBER", heading = "no"}]
"""
BEHAVIOUR_TOML = b"[default]\n[category.VEHICLE]\n"
HUB_TOML = """
court = "苏05"
origin = "hub.su05.example/xiezhi"
data_dir = "/nowhere"
link_address = "127.0.0.1:0"
certificate_names = ["localhost"]
calls_per_second = 10.5
""".encode()
NODE_TOML = b'data_dir = "/nowhere"\nwitnesses = []\nwitnesses_needed = 0\ncase_source_timeout_s = 1.5\n'
POLICY_TOML = '["xiezhi.v1.AccountService"]\nSignIn = "public"\nListAccounts = ["ADMINISTRATOR", "AUDITOR"]\n'
TOKEN = jointoken.new_token("苏0508", "hub.example:7453", bytes(32)).encode()


def _examined(content: bytes) -> object:
    kind = media_type(io.BytesIO(content))
    return from_file(lambda path: examine(Suspect(str(path), kind)))(content)


def _checked(content: bytes) -> object:
    return from_file(lambda path: check_seals(SealCheck(str(path), PDF, "", 1_767_225_600_000)))(content)


def _plain_name(name: str) -> str:
    """A name that was let pass, joined to a folder, is a file in this folder."""
    assert Path("/folder", name).parent == Path("/folder")
    return name


def _read_folder(content: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        write_folder(Path(folder)).joinpath("case.toml").write_bytes(content)
        records = FolderRecords(Path(folder))
        return [*records.readable()], records.problems()


def _head_file(content: bytes) -> object:
    return from_file(lambda path: HeadFile(path).read())(content)


def _head() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = HeadFile(Path(folder, "head"))
        file.write(7, bytes(32), b"note")
        file.close()
        return Path(folder, "head").read_bytes()


def _pem() -> tuple[bytes, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        pki = Pki(Path(folder, "pki"))
        material, _ = pki.node("苏0508")
        return material.certificate.read_bytes(), material.key.read_bytes()


def _signing_key() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        SigningKey.generate(Path(folder, "key"))
        return Path(folder, "key").read_bytes()


def _book() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write_book(Path(folder, "book.xlsx"))
        return Path(folder, "book.xlsx").read_bytes()


CERTIFICATE, KEY = _pem()
PDFS = [blank(2), blank(1, user_password="", owner_password="x")]
WORD = shipped_template(PaperType.STOP_LETTER, TemplateFormat.DOCX)
LETTER = LETTERS[PaperType.STOP_LETTER]
SAMPLE = sample(LETTER)
KNOWN = context_of(SAMPLE, fill_in(parse_wording(shipped_wording(PaperType.STOP_LETTER), LETTER), SAMPLE))
SETTINGS = (StartupError, DomainError)

PROGRAMS: Final = (
    Decoder(
        jointoken.decode, [TOKEN], write=jointoken.JoinToken.encode, refuses=(jointoken.JoinTokenMalformed,)
    ),
    Decoder(token_kind, ["xzs_" + "A" * 43]),
    Decoder(load_key, [KEY], refuses=(ValueError,)),
    Decoder(read_certificate, [CERTIFICATE], refuses=(ValueError,)),
    Decoder(SigningKey.load, [_signing_key()], call=from_file(SigningKey.load)),
    Decoder(parse_answer, [b'{"signature": "AAAA"}']),
    Decoder(HeldKey.parse, [HeldKey(Path("/nowhere"), "event", bytes(32)).format()]),
    Decoder(MethodPolicy.load, [POLICY_TOML], refuses=(StartupError,)),
    Decoder(Page.after, [token_after("苏0508", 3)], call=lambda text: Page.of(0, text).after(str, int)),
    Decoder(HeadFile.read, [_head()], call=_head_file),
    Decoder(
        load_or_create_secret,
        [bytes(32)],
        call=from_file(lambda path: load_or_create_secret(path, "密钥")),
        refuses=SETTINGS,
    ),
    Decoder(
        load_settings,
        [HUB_TOML],
        call=from_file(lambda path: load_settings(HubSettings, path, {})),
        refuses=SETTINGS,
    ),
    Decoder(
        NodeSettings,
        [NODE_TOML],
        call=from_file(lambda path: load_settings(NodeSettings, path, {})),
        refuses=SETTINGS,
    ),
    Decoder(load_notifying, [NOTIFYING_TOML], call=from_file(load_notifying), refuses=SETTINGS),
    Decoder(
        load_registries,
        [REGISTRIES_TOML],
        call=from_file(load_registries),
        refuses=SETTINGS,
        also=[read_categories],
    ),
    Decoder(load_layouts, [COLUMNS_TOML], call=from_file(load_layouts), refuses=SETTINGS),
    Decoder(load_behaviour, [BEHAVIOUR_TOML], call=from_file(load_behaviour), refuses=SETTINGS),
    Decoder(QuietHours.parse, ["22:00-07:30", ""], refuses=(ValueError,)),
    Decoder(
        parse_day,
        ["2026-11-22", "0001-01-01", "9999-12-31"],
        call=lambda text: start_of(parse_day(text, "day")),
    ),
    Decoder(day_of, ["2026-11-22"], call=lambda text: day_of(text, "day")),
    Decoder(item_checks.parse_day, ["2026-11-22"]),
    Decoder(check_purpose, ["核对"]),
    Decoder(check_login, ["chen", "陈法官@court"], call=lambda text: check_login(text, "login")),
    Decoder(check_label, ["系统"]),
    Decoder(
        check_password, ["only-for-tests-4711"], call=lambda text: check_password(text, "chen", "password")
    ),
    Decoder(check_email, ["a@court.example"], call=lambda text: check_email(text, "email")),
    Decoder(mobile_of, ["130 0000 0000", "+8613000000000"]),
    Decoder(check_sha256, [bytes(32)], call=lambda data: check_sha256(data, "sha256")),
    Decoder(check_name, ["委托函.pdf"], call=lambda text: _plain_name(check_name(text, "name"))),
    Decoder(check_promise, ["委托函.pdf", "a.PDF"], call=lambda text: check_promise(text, "application/pdf")),
    Decoder(media_type, [*PDFS, WORD, tiff(3)], call=lambda data: media_type(io.BytesIO(data))),
    Decoder(examine, [*PDFS, WORD, tiff(3)], call=_examined),
    Decoder(check_seals, PDFS, call=_checked),
    Decoder(word.check_template, [WORD], call=lambda data: word.check_template(data, KNOWN)),
    Decoder(pdf.check_template, [shipped_template(PaperType.STOP_LETTER, TemplateFormat.TYPST)]),
    Decoder(
        parse_wording, [shipped_wording(PaperType.STOP_LETTER)], call=lambda data: parse_wording(data, LETTER)
    ),
    Decoder(read_book, [_book()], call=from_file(read_book)),
    Decoder(FolderRecords.readable, [CASE_TOML.encode()], call=_read_folder),
)
