import hashlib
from dataclasses import fields, replace
from datetime import date
from importlib import resources

import pytest

from xiezhi_domain.errors import FormatError, NotFound, Reason
from xiezhi_domain.rulebook import Move, load_rulebook, shipped_rulebook
from xiezhi_domain.rulebook.document import split_documents
from xiezhi_domain.rulebook.model import Side, Unit
from xiezhi_domain.terms import Act, Action, EventKind, Kind, PaperType, Role, State, SubjectRole

BOOK = shipped_rulebook()
FIND = BOOK.kind("FIND")

SMALL = """\
version = "1"
[ladder.short.moves.Issued]
side = "sender"
roles = ["JUDGE"]
starts = true
to = "IN_TRANSIT"
source = "s"
confirmed = true
[ladder.short.moves.Signed]
action = "SIGN"
side = "receiver"
from = ["IN_TRANSIT"]
to = "SIGNED"
base = "exact"
after = ["Issued"]
source = "s"
confirmed = false
[ladder.short.drafting]
CREATE = ["JUDGE"]
[ladder.short.reasons.item]
OTHER = "其他"
[kind.K]
name = "k"
ladder = "short"
number_word = "委"
confidential = false
machine_receipt = false
acts = ["QUERY"]
subject_roles = ["DEBTOR"]
max_items = 2
[kind.K.limits.handle]
title = "t"
starts = ["Issued"]
stops = ["Signed"]
amount = 7
unit = "days"
urgent_amount = 24
urgent_unit = "hours"
min_days = 1
max_days = 9
source = "s"
confirmed = true
[[kind.K.papers]]
acts = ["QUERY"]
papers = ["QUERY_NOTICE"]
reason = "r"
source = "s"
confirmed = true
"""


def test_the_shipped_rulebook():
    assert BOOK.hash == hashlib.sha256(BOOK.content).hexdigest()
    assert load_rulebook(BOOK.content) == BOOK
    for name, text in split_documents(BOOK.content):
        file = resources.files("xiezhi_domain.rulebook").joinpath("data", name)
        assert text.rstrip() == file.read_text(encoding="utf-8").rstrip()
    assert (BOOK.version, BOOK.valid_from) == ("2026.1", date(2026, 1, 1))


def test_one_blank_makes_another_version():
    assert load_rulebook(BOOK.content + b"\n").hash != BOOK.hash


def test_kinds():
    assert BOOK.kinds.keys() <= set(Kind)
    with pytest.raises(NotFound) as unknown:
        BOOK.kind("NO_SUCH_KIND")
    assert (unknown.value.reason, unknown.value.metadata) == (Reason.UNKNOWN_KIND, {"kind": "NO_SUCH_KIND"})


@pytest.mark.parametrize("kind", BOOK.kinds)
def test_every_rule_says_where_it_comes_from(kind):
    rules = BOOK.kinds[kind]
    enclosed = [each.papers for each in rules.enclosures]
    for rule in (*rules.moves.values(), *rules.limits.values(), *rules.papers, *enclosed):
        assert rule.citation.source.strip()
        assert type(rule.citation.confirmed) is bool


@pytest.mark.parametrize("kind", BOOK.kinds)
def test_every_move_has_words(kind):
    moves = BOOK.kinds[kind].moves
    assert moves.keys() <= set(EventKind)
    assert all(bool(move.roles) == bool(move.action) for move in moves.values())
    assert all(bool(move.origins) != move.starts for move in moves.values())


def test_papers_of_a_later_step_are_those_of_the_court_that_takes_it():
    rules = BOOK.kind("DISTRIBUTION")
    proof = [PaperType.PROOF_OF_SUIT]

    def lacking(move, side, *present):
        return [paper for paper, _ in rules.missing_enclosures(move, side, present)]

    assert lacking("SuitProved", Side.SENDER) == proof
    assert lacking("SuitProved", Side.SENDER, *proof) == []
    # The presiding court may tell in words of the suit of its own creditor.
    assert lacking("SuitProved", Side.RECEIVER) == []
    assert lacking("PlanObjected", Side.SENDER, *proof) == [PaperType.PLAN_OBJECTION]
    assert lacking("PlanIssued", Side.RECEIVER) == []


def test_a_move_with_a_condition_or_an_effect_is_not_plain():
    signed, known = FIND.moves["Signed"], {"kind", "action", "sides", "roles", "origins", "to", "citation"}
    assert signed.is_plain
    known |= {
        "exact",
        "starts",
        "remembers",
        "resumes",
        "after",
        "reports",
        "completes",
        "rejects",
        "facts",
        "receipt",
        "opens_for",
    }
    for field in fields(Move):
        if field.init and field.name not in known:
            assert not replace(signed, **{field.name: {"x": "y"}}).is_plain, field.name


def test_what_arriving_events_are_answered_with():
    delivered = dict.fromkeys(["Issued", "Rerouted", "Forwarded"], "Delivered")
    assert FIND.receipts == {**delivered, "Stopped": "StopArrived"}


def test_the_moves_of_an_action():
    assert FIND.moves_for(Action.SIGN) == (FIND.moves["Signed"],)
    asked = (FIND.moves["MaterialAsked"], FIND.moves["DefectTold"])
    assert FIND.moves_for(Action.ASK_FOR_MATERIAL) == asked
    assert FIND.moves_for(Action.UNMASK) == ()


def test_missing_papers():
    acts = frozenset({Act.QUERY, Act.LOCATE_PERSON})
    asked = [paper for paper, _ in FIND.missing_papers(acts, frozenset())]
    assert asked == [PaperType.ENTRUSTMENT_LETTER, PaperType.QUERY_NOTICE]
    ((paper, rule),) = FIND.missing_papers(acts, frozenset({PaperType.ENTRUSTMENT_LETTER}))
    assert (paper, rule.reason) == (PaperType.QUERY_NOTICE, "向协助单位查询、调查应附协助查询(调查)通知书")
    assert FIND.missing_papers(frozenset({Act.LOCATE_PERSON}), frozenset(PaperType)) == []


def test_a_small_rulebook():
    rules = load_rulebook(SMALL.encode()).kind("K")
    issued, signed = rules.moves.values()
    assert (issued.starts, issued.sides, issued.roles, issued.exact) == (
        True,
        {Side.SENDER},
        {Role.JUDGE},
        False,
    )
    assert (signed.origins, signed.to, signed.exact) == ({State.IN_TRANSIT}, State.SIGNED, True)
    assert (signed.after, signed.citation.confirmed) == ({"Issued"}, False)
    handle = rules.limits["handle"]
    assert (handle.amount, handle.unit, handle.urgent_amount, handle.urgent_unit) == (
        7,
        Unit.DAYS,
        24,
        Unit.HOURS,
    )
    assert (rules.min_limit_days, rules.max_limit_days, rules.max_items) == (1, 9, 2)
    assert rules.drafting_roles == {Action.CREATE: {Role.JUDGE}}


def test_an_urgent_limit_is_the_ordinary_one_unless_it_is_said():
    plain = SMALL.replace('urgent_amount = 24\nurgent_unit = "hours"\n', "")
    handle = load_rulebook(plain.encode()).kind("K").limits["handle"]
    assert (handle.urgent_amount, handle.urgent_unit) == (7, Unit.DAYS)


UNTIL = '\nfacts = { until = "time?" }'
MOVE, KIND, LIMIT = r"ladder\.short\.moves\.Signed", r"kind\.K", r"kind\.K\.limits\.handle"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('version = "1"', "version = 1", "version"),
        ('action = "SIGN"', 'action = "SING"', MOVE + ".*Action 没有 SING"),
        ('action = "SIGN"', "action = 1", MOVE + ".*action"),
        ('action = "SIGN"', 'colour = "red"', MOVE + r"\.colour：未知的键"),
        ('side = "receiver"', 'side = "middle"', MOVE + ".*middle"),
        ('side = "receiver"\n', "", MOVE + ".*缺少 side"),
        ('roles = ["JUDGE"]', 'roles = ["JUGDE"]', r"ladder\.short\.moves\.Issued.*Role 没有 JUGDE"),
        ('roles = ["JUDGE"]', 'roles = "JUDGE"', r"ladder\.short\.moves\.Issued.*roles"),
        ('from = ["IN_TRANSIT"]', 'from = ["MOON"]', MOVE + ".*State 没有 MOON"),
        ('from = ["IN_TRANSIT"]', "from = [1]", MOVE + ".*from"),
        ('to = "SIGNED"', 'to = "MOON"', MOVE + ".*State 没有 MOON"),
        ('base = "exact"', 'base = "any old"', MOVE + r"\.base"),
        ('base = "exact"', "base = 1", MOVE + r"\.base"),
        ('after = ["Issued"]', 'after = ["Singed"]', MOVE + r"\.after：没有 Singed"),
        ('after = ["Issued"]', "resumes = 1", MOVE + ".*resumes"),
        ('after = ["Issued"]', 'opens_for = { flag = "x" }', MOVE + r"\.opens_for：只用于开始事项的一步"),
        ('after = ["Issued"]', 'lasts = { receiver = "handle" }', MOVE + r"\.lasts：没有 until"),
        ('after = ["Issued"]', 'lasts = { sender = "handle" }' + UNTIL, MOVE + r"\.lasts：没有写明 receiver"),
        (
            'after = ["Issued"]',
            'lasts = { receiver = "handle" }\nuntil_for = ["X"]' + UNTIL,
            MOVE + ".*until_for：X",
        ),
        ('source = "s"\nconfirmed = false', "confirmed = false", MOVE + ".*source"),
        ('source = "s"\nconfirmed = false', 'source = "s"', MOVE + ".*confirmed"),
        ('source = "s"\nconfirmed = false', 'source = "s"\nconfirmed = 1', MOVE + ".*confirmed"),
        ("starts = true", "starts = false", r"ladder\.short\.moves：.*starts"),
        ('base = "exact"', "starts = true", r"ladder\.short\.moves：.*starts"),
        ('starts = true\nto = "IN_TRANSIT"', "starts = true", r"ladder\.short\.moves：.*starts"),
        ('CREATE = ["JUDGE"]', 'CRATE = ["JUDGE"]', r"ladder\.short\.drafting.*Action 没有 CRATE"),
        ('CREATE = ["JUDGE"]', 'CREATE = ["JUGDE"]', r"ladder\.short\.drafting.*Role 没有 JUGDE"),
        ('OTHER = "其他"', "OTHER = 1", r"ladder\.short\.reasons\.item.*OTHER"),
        ('name = "k"\n', "", KIND + ".*name"),
        ('ladder = "short"', 'ladder = "long"', KIND + r"\.ladder：没有 ladder\.long"),
        ("confidential = false", "confidential = 0", KIND + ".*confidential"),
        ('acts = ["QUERY"]\nsubject', 'acts = ["DANCE"]\nsubject', KIND + ".*Act 没有 DANCE"),
        ('subject_roles = ["DEBTOR"]', 'subject_roles = ["KING"]', KIND + ".*SubjectRole 没有 KING"),
        ("max_items = 2", "max_items = true", KIND + ".*max_items"),
        ("kind.K.limits.handle", "kind.K.limits.other", KIND + r"\.limits.*handle"),
        ("amount = 7", 'amount = "7"', LIMIT + ".*amount"),
        ('unit = "days"', 'unit = "moons"', LIMIT + ".*moons"),
        ('unit = "days"', 'unit = "days"\nlogs = "Lost"', LIMIT + ".*Lost"),
        ("urgent_amount = 24", "urgent_amount = true", LIMIT + ".*urgent_amount"),
        ("min_days = 1\n", "", LIMIT + ".*min_days"),
        ('max_days = 9\nsource = "s"', "max_days = 9", LIMIT + ".*source"),
        ('papers = ["QUERY_NOTICE"]', 'papers = ["NEWS"]', KIND + r"\.papers.*PaperType 没有 NEWS"),
        ('acts = ["QUERY"]\npapers', 'acts = ["DANCE"]\npapers', KIND + r"\.papers.*Act 没有 DANCE"),
        ('reason = "r"\nsource = "s"', 'reason = "r"', KIND + r"\.papers.*source"),
        ('reason = "r"\n', "", KIND + r"\.papers.*reason"),
        ("[[kind.K.papers]]", "[kind.K.papers]", KIND + ".*papers"),
        ("[[kind.K.papers]]", "[[kind.K.enclosures]]", KIND + r"\.enclosures.*缺少 moves"),
        ("[[kind.K.papers]]", '[[kind.K.enclosures]]\nmoves = ["X"]', KIND + r"\.enclosures.*没有 X"),
        ("[[kind.K.papers]]", '[[kind.K.enclosures]]\nmoves = ["Issued"]\nside = "x"', KIND + ".*side"),
        ("[kind.K]", "[kind]\nL = 1\n[kind.K]", "kind.*L"),
        ("[ladder.short.drafting]", "[ladder.short.moves]\nX = 1\n[ladder.short.drafting]", r"moves.*X"),
    ],
)
def test_a_slip_is_named_with_its_place(old, new, told):
    assert old in SMALL
    with pytest.raises(FormatError, match=told):
        load_rulebook(SMALL.replace(old, new, 1).encode())


def test_an_act_that_is_only_on_some_roles_is_on_no_others_in_any_kind():
    only = '[ladder.short.only_on.QUERY]\nroles = ["DEBTOR"]\nsource = "s"\nconfirmed = true\n[kind.K]\n'
    wider = SMALL.replace("[kind.K]\n", only, 1).replace(
        'subject_roles = ["DEBTOR"]', 'subject_roles = ["DEBTOR", "CO_OWNER"]'
    )
    rules = load_rulebook(wider.encode()).kind("K")
    assert rules.roles_for(Act.QUERY) == {SubjectRole.DEBTOR}
    assert rules.roles_for(Act.FREEZE) == {SubjectRole.DEBTOR, SubjectRole.CO_OWNER}
    named = wider + '[kind.K.act_roles]\nQUERY = ["CO_OWNER", "DEBTOR"]\n'
    assert load_rulebook(named.encode()).kind("K").roles_for(Act.QUERY) == {SubjectRole.DEBTOR}
    with pytest.raises(FormatError, match=r"only_on\.QUERY\.roles：应写明可以对谁办理"):
        load_rulebook(wider.replace('roles = ["DEBTOR"]\n', "roles = []\n", 1).encode())


@pytest.mark.parametrize("content", [b"\xff", b"version", b"version = 1 2"])
def test_content_that_is_no_toml(content):
    with pytest.raises(FormatError, match="TOML"):
        load_rulebook(content)


@pytest.mark.parametrize("content", [b"", b'version = "1"\n', b'version = "1"\n[ladder]\n'])
def test_content_without_ladders_or_kinds(content):
    with pytest.raises(FormatError, match=r"缺少 (version|ladder|kind)"):
        load_rulebook(content)
