"""Numbers and codes as people write them; rulebooks, calendars and other law that is data; facts of events."""

import json
from importlib import resources
from tomllib import TOMLDecodeError
from typing import Final

from tests.fuzz.decoder import Decoder
from tests.unit.escalation.test_rules import STEP
from tests.unit.indicators.matters import done
from tests.unit.indicators.test_bulletin import drawn
from tests.unit.test_golden_bytes import ISSUED

from xiezhi_domain.areas import area_of, visit_key
from xiezhi_domain.calendar import parse_calendar, shipped_calendar
from xiezhi_domain.casenumber import CaseNumber
from xiezhi_domain.court_time import parse_text
from xiezhi_domain.courts import parse_court_code
from xiezhi_domain.distribution.plan import correction_of, plan_of
from xiezhi_domain.errors import DomainError
from xiezhi_domain.escalation.rules import load_rules
from xiezhi_domain.events.canonical_json import JsonObject
from xiezhi_domain.events.header import Header
from xiezhi_domain.identity import check_citizen_id, check_credit_code
from xiezhi_domain.indicators.definitions import load_edition
from xiezhi_domain.indicators.frozen import decode_bulletin, encode_bulletin
from xiezhi_domain.ladder.facts import issued_facts
from xiezhi_domain.matternumber import MatterNumber, parse_search
from xiezhi_domain.orders.candidates import read_selectors
from xiezhi_domain.plain_values import read_json, read_toml
from xiezhi_domain.rulebook import load_rulebook, shipped_rulebook
from xiezhi_domain.rulebook.document import documents_of, read_document, split_documents
from xiezhi_domain.rulebook.publishing import check_areas, next_rulebook
from xiezhi_domain.typed_text import half_width
from xiezhi_domain.working_hours import WorkingHours

RULES = shipped_rulebook().content
CASE_NUMBERS = ["（2026）苏0505执1234号", "（2014）园执字第00123-1号", "(2026)苏0505执恢12号之一"]
RULE_DOCUMENTS = [
    STEP,
    'court = "苏0508"\n[kind.FIND.limits.handle]\nmax_days = 9\n',
    'province = "苏"\n[kind.FIND.limits.handle]\nmax_days = 9\n',
]


def _data(package: str, name: str) -> bytes:
    return resources.files(package).joinpath(name).read_bytes()


def _next_rulebook(text: str) -> object:
    check_areas([("own.toml", text)], "苏05", ["苏0508"])
    return next_rulebook(shipped_rulebook(), [("own.toml", text)], shipped_rulebook().valid_from)


def _plain(header: Header) -> JsonObject:
    """The facts as they are read from bytes: plain values, nothing of our own."""
    facts: JsonObject = json.loads(json.dumps(header.facts))
    return facts


PLAN: JsonObject = {
    "plan": 1,
    "total": 100,
    "costs": 1,
    "mode": "PRO_RATA",
    "claims": [[1, 60], [2, 40]],
    "ranks": [[1, 2]],
    "seizures": [],
}

LAW: Final = (
    Decoder(CaseNumber.parse, CASE_NUMBERS),
    Decoder(MatterNumber.parse, ["苏0591委〔2026〕1187号", "苏05督(2026)3号"]),
    Decoder(parse_search, ["0591 1187", "苏0591 1187", "苏0591委〔2026〕1187号", "张某"]),
    Decoder(parse_court_code, ["苏0508", "苏05", "最高法"]),
    Decoder(check_citizen_id, ["320500189901010016", "320500990101001"]),
    Decoder(check_credit_code, ["91320500MA0000007J"]),
    Decoder(parse_text, ["2026-11-22 10:31", "0001-01-01 00:00", "9999-12-31 23:59"]),
    Decoder(half_width, ["１２３ＡＢ（）　"]),
    Decoder(area_of, ["苏州市姑苏区平江街道演示路1号"]),
    Decoder(visit_key, ["苏州市姑苏区平江街道演示路1号2幢"]),
    Decoder(split_documents, [RULES]),
    Decoder(
        documents_of, [RULES, RULE_DOCUMENTS[1].encode()], call=lambda data: documents_of("own.toml", data)
    ),
    Decoder(read_toml, RULE_DOCUMENTS, refuses=(TOMLDecodeError,)),
    Decoder(read_json, ['{"a": [1, 2.5, "x"]}'], refuses=(ValueError,)),
    Decoder(read_document, RULE_DOCUMENTS, call=lambda text: read_document("own.toml", text)),
    Decoder(load_rulebook, [RULES]),
    Decoder(next_rulebook, RULE_DOCUMENTS[1:], call=_next_rulebook, also=[check_areas]),
    Decoder(
        load_rules,
        [STEP, _data("xiezhi_domain.escalation", "data/rules.toml").decode()],
        call=lambda text: load_rules(text, 1),
    ),
    Decoder(read_selectors, [_data("xiezhi_domain.orders", "data/candidates.toml").decode()]),
    Decoder(load_edition, [_data("xiezhi_domain.indicators", "data/indicators.toml")]),
    Decoder(decode_bulletin, [encode_bulletin(drawn([done()]))], write=encode_bulletin),
    Decoder(
        parse_calendar, [shipped_calendar().canonical_bytes()], write=lambda found: found.canonical_bytes()
    ),
    Decoder(
        WorkingHours.parse, ["2026-01-01 09:00-12:00,14:00-18:00 1 测试"], refuses=(ValueError, DomainError)
    ),
    Decoder(issued_facts, [_plain(ISSUED)]),
    Decoder(plan_of, [PLAN]),
    Decoder(correction_of, [{"amounts": [[1, 60]], "ranks": [[1, 2]]}]),
)
