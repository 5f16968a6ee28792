"""What readers get: histories, changes, lists by pages, figures; the same on both databases."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import event, text
from tests.integration.journal.scene import (
    DAY,
    HUB_COURT,
    RECEIVER,
    RULES,
    SENDER,
    START,
    Clock,
    Hub,
    Node,
    set_up,
)

from xiezhi.v1 import event_pb2
from xiezhi_domain.errors import InvalidInput
from xiezhi_domain.events.header import decode_header
from xiezhi_domain.evidence.push import check_membership
from xiezhi_domain.ladder import FINAL_STATES
from xiezhi_domain.terms import State
from xiezhi_journal import tables
from xiezhi_journal.bulk import insert_rows
from xiezhi_journal.journal import Journal
from xiezhi_journal.proofs import body_commitment, decode_push, stored_event
from xiezhi_journal.reading import (
    MAX_PAGE,
    Box,
    Filters,
    MatterRow,
    Page,
    changes_after,
    event_record,
    find_by_number,
    history,
    is_late_of,
    is_overdue,
    list_instructions,
    overdue,
    overview,
    pending_after,
    read_summary,
    ruled_records,
)
from xiezhi_node.ordering.sums import read_sums
from xiezhi_node.rulebooks_in_force import RulebooksInForce

NOW = START + 30 * DAY
STATES = (State.IN_TRANSIT, State.SIGNED, State.IN_PROGRESS, State.REPORTED, State.CONFIRMED, State.RETURNED)
COURTS = ("苏0505", "苏0506", "苏0591")


@pytest.fixture
def journal(journal_url):
    opened = set_up(Journal(journal_url, court=SENDER, clock=Clock()))
    yield opened
    opened.close()


def matter(number: int, **values) -> MatterRow:
    usual = MatterRow(
        instruction=f"{number:08x}-0000-7000-8000-000000000000",
        number=f"苏0505委〔2026〕{number}号",
        kind="FIND",
        sender=SENDER,
        receiver=RECEIVER,
        sent=True,
        state=State.IN_PROGRESS,
        open=True,
        urgent=False,
        pending=0,
        case_number=f"（2026）苏0505执{number}号",
        subject_names=f"测试甲{number}",
        officer="",
        officer_name="",
        issued_at=START,
        due_at=NOW + DAY,
        updated_at=START,
        item_count=1,
        result="",
        last_event="",
    )
    return replace(usual, **values)


def store(journal, matters) -> None:
    columns = tables.instruction.columns.keys()
    rows = [tuple(_cell(row, name) for name in columns) for row in matters]
    deadlines = [
        (row.instruction, "handle", 1, row.kind, row.receiver, START, row.due_at, *_running(row), 0)
        for row in matters
        if row.due_at
    ]
    counts = Counter((row.sender, row.receiver, row.state) for row in matters)
    with journal._writing.begin() as connection:
        insert_rows(connection, tables.instruction, rows)
        insert_rows(connection, tables.deadline, deadlines)
        insert_rows(connection, tables.tally, [(*key, count) for key, count in counts.items()])


def _cell(row: MatterRow, column: str) -> object:
    """The value of a column; folds are left empty, as lists do not read them."""
    value = getattr(row, column, "")
    return " ".join(value) if isinstance(value, tuple) else value


def _running(row: MatterRow) -> tuple:
    """State, openness, end, verdict, 暂定 and pauses of the handling limit: a result has met it."""
    runs = row.open and row.state is not State.REPORTED
    return ("RUNNING", True, 0, "", False, "") if runs else ("MET", False, START, "IN_TIME", False, "")


def many(count: int) -> list[MatterRow]:
    chance = random.Random(count)
    rows = []
    for number in range(1, count + 1):
        state = chance.choice(STATES)
        sender, receiver = chance.sample(COURTS, 2)
        rows.append(
            matter(
                number,
                state=state,
                open=state not in FINAL_STATES,
                sender=sender,
                receiver=receiver,
                sent=sender == SENDER,
                due_at=chance.choice((0, NOW - 3 * DAY, NOW - DAY, NOW, NOW + DAY)),
                officer=chance.choice(("", "j1", "j2")),
            )
        )
    return rows


def all_pages(journal, ask, size=7):
    found, page = [], Page(size)
    while True:
        answer = journal.read_now(lambda connection, page=page: ask(connection, page))
        found += answer.rows
        assert len(answer.rows) == size or not answer.next_token
        if not answer.next_token:
            return found
        page = Page(size, answer.next_token)


FILTERS = [
    (Filters(), lambda row: True),
    (Filters(box=Box.SENT), lambda row: row.sent),
    (Filters(box=Box.RECEIVED), lambda row: not row.sent),
    (Filters(open_only=True), lambda row: row.open),
    (Filters(box=Box.SENT, open_only=True), lambda row: row.sent and row.open),
    (
        Filters(states=frozenset({State.SIGNED, State.RETURNED})),
        lambda row: row.state in ("SIGNED", "RETURNED"),
    ),
    (Filters(other_court="苏0506"), lambda row: "苏0506" in (row.sender, row.receiver)),
    (Filters(officer="j1"), lambda row: row.officer == "j1"),
    (Filters(case_number="苏0505执1"), lambda row: "苏0505执1" in row.case_number),
    (Filters(person="测试甲2"), lambda row: "测试甲2" in row.subject_names),
    (Filters(due_from=NOW), lambda row: row.due_at >= NOW),
    (Filters(due_before=NOW), lambda row: 0 < row.due_at < NOW),
    (
        Filters(due_from=NOW - DAY, due_before=NOW + 1),
        lambda row: NOW - DAY <= row.due_at <= NOW,
    ),
    (Filters(overdue_at=NOW), lambda row: is_overdue(row, NOW)),
    (
        Filters(
            box=Box.RECEIVED,
            states=frozenset({State.SIGNED}),
            kinds=frozenset({"FIND"}),
            open_only=True,
            other_court="苏0591",
            text="执",
            overdue_at=NOW,
            officer="j2",
        ),
        lambda row: (
            (row.sent, row.state, row.officer) == (False, "SIGNED", "j2")
            and "苏0591" in (row.sender, row.receiver)
            and is_overdue(row, NOW)
        ),
    ),
]


def test_lists_show_what_their_filters_say_newest_first_page_by_page(journal):
    rows = many(150)
    store(journal, rows)
    for filters, wanted in FILTERS:
        found = all_pages(journal, lambda connection, page, f=filters: list_instructions(connection, f, page))
        assert found == [row for row in reversed(rows) if wanted(row)], filters
        assert found, filters


def test_a_page_begins_after_the_last_even_if_newer_ones_have_come(journal):
    store(journal, [matter(number) for number in range(1, 11)])
    first = journal.read_now(lambda connection: list_instructions(connection, Filters(), Page(4)))
    store(journal, [matter(99, receiver="苏0506")])
    rest = journal.read_now(
        lambda connection: list_instructions(connection, Filters(), Page(10, first.next_token))
    )
    assert [int(row.instruction[:8], 16) for row in rest.rows] == [6, 5, 4, 3, 2, 1]
    assert rest.next_token == ""


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("甲", [1, 2, 3, 4]),
        ("甲1", [1]),
        ("(2026)苏0505执2号", [2]),
        ("（2026）苏0505执2号", [2]),
        ("苏0505委[2026]3号", [3]),
        (" 委〔2026〕3号 ", [3]),
        ("100%", [4]),
        ("%", [4]),
        ("a_b", [4]),
        ("A_B", [4]),
        ("\\", [4]),
        ("100_", []),
        ("没有", []),
    ],
)
def test_words_are_found_as_people_type_them(journal, typed, numbers):
    rows = [matter(number) for number in (1, 2, 3)]
    store(journal, [*rows, matter(4, subject_names="测试甲乙 100% a_B \\")])
    found = journal.read_now(lambda connection: list_instructions(connection, Filters(text=typed), Page()))
    assert sorted(int(row.instruction[:8], 16) for row in found.rows) == numbers


@pytest.mark.parametrize("token", ["x", "!!!", "bnVsbA==", "WzFd", "WyJhIiwgImIiXQ=="])
def test_a_token_of_elsewhere_is_refused(journal, token):
    for ask in (
        lambda connection: list_instructions(connection, Filters(), Page(5, token)),
        lambda connection: overdue(connection, is_late_of("", NOW), Page(5, token)),
    ):
        with pytest.raises(InvalidInput):
            journal.read_now(ask)


def test_page_sizes_have_a_default_and_a_limit():
    assert Page.of(0, "").size == 50
    assert Page.of(MAX_PAGE, "t") == Page(MAX_PAGE, "t")
    for size in (-1, MAX_PAGE + 1):
        with pytest.raises(InvalidInput):
            Page.of(size, "")


def test_what_is_overdue_comes_longest_first_page_by_page(journal):
    rows = many(150)
    store(journal, rows)
    for court in ("", "苏0591"):
        found = all_pages(
            journal, lambda connection, page, c=court: overdue(connection, is_late_of(c, NOW), page)
        )
        late = [row for row in rows if is_overdue(row, NOW) and court in ("", row.receiver)]
        assert found == sorted(late, key=lambda row: (row.due_at, row.instruction))
        assert {row.due_at for row in found} == {NOW - 3 * DAY, NOW - DAY}


def test_a_reported_matter_is_not_late_for_its_receiver():
    late = matter(1, due_at=NOW - 1)
    assert is_overdue(late, NOW)
    assert not is_overdue(replace(late, state=State.REPORTED), NOW)
    assert not is_overdue(replace(late, open=False), NOW)
    assert not is_overdue(replace(late, due_at=0), NOW)
    assert not is_overdue(replace(late, due_at=NOW), NOW)


def test_the_overview_counts_every_court(journal):
    rows = many(200)
    store(journal, rows)
    figures = journal.read_now(lambda connection: overview(connection, NOW))
    for court in (*COURTS, "苏0507"):
        received = [row for row in rows if row.receiver == court]
        found = figures.of(court)
        assert found.sent_open == sum(row.open for row in rows if row.sender == court)
        assert found.received_open == sum(row.open for row in received)
        assert found.received_overdue == sum(is_overdue(row, NOW) for row in received)
        assert found.received_by_state == Counter(row.state for row in received)


def test_what_belongs_to_a_trial_is_in_no_overview_and_on_no_list_of_what_is_late(journal):
    real = many(40)
    trial = [
        replace(
            row,
            instruction=row.instruction.replace("0000-7000", "0001-7000"),
            number=row.number.replace("委", "试"),
        )
        for row in real
    ]
    store(journal, [*real, *trial])
    late = all_pages(journal, lambda connection, page: overdue(connection, is_late_of("", NOW), page))
    assert {row.number for row in late} == {row.number for row in real if is_overdue(row, NOW)} != set()
    figures = journal.read_now(lambda connection: overview(connection, NOW))
    for court in COURTS:
        received = [row for row in real if row.receiver == court]
        found = figures.of(court)
        assert found.received_by_state == Counter(row.state for row in received)
        assert found.received_overdue == sum(is_overdue(row, NOW) for row in received)


def test_the_matters_of_a_case_are_found_by_their_index_on_both_databases(journal):
    rows = [matter(number, case_number=f"（2026）苏0505执{number % 100}号") for number in range(1, 400)]
    store(journal, rows)
    with journal._writing.begin() as connection:
        # Drafts: no event says anything of them yet.
        connection.execute(text("UPDATE instruction SET view = ''"))
        connection.execute(text("ANALYZE"))
    rulebooks = RulebooksInForce({RULES.hash: RULES}, lambda: START)
    plan = plan_of(journal, lambda c: read_sums(c, rulebooks, "（2026）苏0505执7号"))
    assert "ix_instruction_case_sent" in plan
    assert "SCAN instruction" not in plan
    assert "Seq Scan" not in plan


@pytest.mark.parametrize("journal_url", ["sqlite"], indirect=True)
def test_sqlite_takes_the_partial_indexes(journal):
    """Its planner needs the literal condition of the index; a parameter in its place means a scan."""
    store(journal, many(300))
    with journal._writing.begin() as connection:
        connection.execute(text("ANALYZE"))
    page = Page(10, "")
    several = Filters(states=frozenset({State.REWORK, State.REPORTED}))
    asked = {
        "ix_instruction_box_open": lambda c: list_instructions(c, Filters(Box.SENT, open_only=True), page),
        "ix_instruction_box": lambda c: list_instructions(c, Filters(Box.RECEIVED), page),
        "ix_instruction_box_state": lambda c: list_instructions(c, several, page),
        "ix_instruction_kind": lambda c: list_instructions(c, Filters(kinds=frozenset({"FIND", "A"})), page),
        "ix_instruction_officer": lambda c: list_instructions(c, Filters(Box.RECEIVED, officer="a"), page),
    }
    for index, ask in asked.items():
        assert f"USING INDEX {index} " in f"{plan_of(journal, ask)} ".replace("\n", " ")
    for plan in (
        plan_of(journal, lambda c: overview(c, NOW)),
        plan_of(journal, lambda c: overdue(c, is_late_of("", NOW), page)),
    ):
        assert "USING INDEX ix_deadline_" in plan
        assert "SCAN instruction\n" not in f"{plan}\n"
        assert "CORRELATED" not in plan


def plan_of(journal, ask) -> str:
    plans = []

    def explain(connection, cursor, statement, parameters, context, executemany):
        if "instruction" in statement and not statement.startswith("EXPLAIN"):
            words = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
            rows = cursor.execute(f"{words} {statement}", parameters).fetchall()
            plans.extend(row[-1] for row in rows)

    event.listen(journal._reading, "before_cursor_execute", explain)
    journal.read_now(ask)
    event.remove(journal._reading, "before_cursor_execute", explain)
    return "\n".join(plans)


async def test_histories_changes_and_the_outbox_follow_an_order(journal_url, tmp_path):
    clock = Clock()
    hub = Hub(f"sqlite:///{tmp_path}/hub.db", clock)
    node = Node(journal_url, SENDER, clock)
    hub.journal.start()
    node.journal.start()
    make = node.issue(1, RECEIVER)
    await node.journal.submit(make)

    def asked(query):
        return node.journal.read_now(query)

    [pending] = asked(lambda c: history(c, make.instruction))
    assert (pending.accepted, pending.log_index, pending.ruling, pending.body) == (None, -1, None, None)
    [waiting] = asked(lambda c: pending_after(c, 0, 10))
    assert (waiting.journal_position, waiting.instruction) == (1, make.instruction)
    assert not waiting.event.ruling
    assert asked(lambda c: pending_after(c, 1, 10)) == []
    await node.push_to(hub)
    await node.pull_from(hub)

    [ruled] = asked(lambda c: history(c, make.instruction, bodies=True))
    assert (ruled.accepted, ruled.log_index, ruled.seq, ruled.kind) == (True, 0, 1, "Issued")
    record = event_record(ruled)
    header = decode_header(record.header)
    check_membership(decode_push(ruled.push), record.header)
    assert body_commitment(record.body) == header.body
    assert record.ruling == hub.feed(HUB_COURT, 2, 0, 1)[0].record.ruling
    assert asked(lambda c: pending_after(c, 0, 10)) == []
    assert asked(lambda c: ruled_records(c, 0, 1, 10)) == [stored_event(record)]
    assert asked(lambda c: ruled_records(c, 1, 9, 10)) == []

    changes = asked(lambda c: changes_after(c, 0, 10))
    assert [(change.cursor, change.event.event_id) for change in changes] == [(1, header.id), (2, header.id)]
    assert [change.cursor for change in asked(lambda c: changes_after(c, 1, 10))] == [2]
    assert changes[0].event.body is None
    assert asked(lambda c: find_by_number(c, "苏0505委〔2026〕1号")) == make.instruction
    assert asked(lambda c: find_by_number(c, "苏0505委〔2026〕2号")) is None
    summary = asked(lambda c: read_summary(c, make.instruction))
    assert (summary.state, summary.pending, summary.officer_name) == (State.IN_TRANSIT, 0, "测试丙")
    assert asked(lambda c: read_summary(c, "no such")) is None
    for journal in (hub.journal, node.journal):
        journal.close()


def test_the_outbox_gives_what_fits_and_reads_no_body(journal):
    push = event_pb2.PushProof().SerializeToString()
    part = event_pb2.BodyPart(name="prose", content=bytes(1_000))
    body = event_pb2.Body(parts=[part]).SerializeToString()
    unreadable = b"\xff" * 1_000
    with journal._writing.begin() as connection:
        for position, content in enumerate([body, body, body, unreadable], start=1):
            row = (position, f"e{position}", "i", "Signed", SENDER, b"h", push, position)
            insert_rows(connection, tables.event, [row])
            insert_rows(connection, tables.body, [(position, content)])
            insert_rows(connection, tables.pending, [(position, position, f"e{position}", "i", False)])

    def given(after, limit, max_bytes):
        return len(outbox(after, limit, max_bytes))

    def outbox(after, limit, max_bytes):
        return journal.read_now(lambda c: pending_after(c, after, limit, max_bytes))

    assert given(0, 10, 2_500) == 2
    assert given(0, 1, 2_500) == 1
    assert given(2, 10, 1_500) == 1
    assert given(0, 10, 3_500) == 3
    # One that is larger than the room alone would never go out otherwise.
    assert given(0, 10, 1) == 1
    assert given(4, 10, 2_500) == 0
    # The hub says what is wrong with bytes that nobody can read.
    assert [each.event.body for each in outbox(0, 10, 1 << 20)] == [body, body, body, unreadable]


def test_a_history_is_in_the_order_of_the_log_whatever_was_stored_first(journal):
    with journal._writing.begin() as connection:
        for position, index in ((1, 7), (2, 3), (3, None), (4, 5)):
            row = (position, f"e{position}", "i", "Signed", SENDER, b"h", b"", position)
            insert_rows(connection, tables.event, [row])
            if index is not None:
                insert_rows(connection, tables.ruling, [(index, position, True, 1, "", "", 1, b"", b"r")])
    rows = journal.read_now(lambda connection: history(connection, "i"))
    assert [row.event_id for row in rows] == ["e2", "e4", "e1", "e3"]
