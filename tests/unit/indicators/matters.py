"""Records of matters, made by hand for one month and at random for many."""

from datetime import date

from hypothesis import strategies as st

from xiezhi_domain.indicators import ALL_COURTS, Figure, FigureKey, Period, figures_of, shipped_edition
from xiezhi_domain.indicators.record import Judgement, MatterRecord, Pause, Return, Work
from xiezhi_domain.terms import Channel, Indicator, Variant

SENDER, RECEIVER, OTHER = "苏0591", "苏0508", "苏0509"
COURTS = (SENDER, RECEIVER, OTHER)
DAY = 86_400_000
MONTH = Period.month(2026, 11)
START = MONTH.start_ms
EDITION = shipped_edition()
EVERY = [(each, variant) for each in EDITION.definitions for variant in each.variants]


def at(day: float) -> int:
    """A moment of November 2026; day 0 is the last of October."""
    return START + round((day - 1) * DAY)


def matter(number: int = 1, **changes: object) -> MatterRecord:
    """A matter sent and arrived on the second, due on the ninth."""
    values: dict = {
        "id": f"matter-{number:04}",
        "number": f"苏0591委〔2026〕{number}号",
        "kind": "FIND",
        "work": Work.COOPERATION,
        "sender": SENDER,
        "receiver": RECEIVER,
        "accepted_at": at(2),
        "arrived_at": at(2),
        "start": at(2),
        "sign_due": at(3),
        "due": at(9),
        "outcomes": {1: ""},
    }
    return MatterRecord(**{**values, **changes})


def done(number: int = 1, day: float = 5, **changes: object) -> MatterRecord:
    """A matter signed for at once and reported on *day*."""
    return matter(
        number,
        **{"answered_at": at(2), "signed_at": at(2), "ended_at": at(day), "outcomes": {1: "DONE"}} | changes,
    )


def figure(
    records,
    indicator: Indicator,
    variant: Variant = Variant.STANDARD,
    court: str = RECEIVER,
    period: Period = MONTH,
    channel: Channel = Channel.PLATFORM,
) -> Figure:
    definition = EDITION.find(indicator, date(2026, 11, 30))
    key = FigureKey(indicator, variant, court, channel)
    return figures_of(records, period, definition, variant, COURTS)[key]


def whole(
    records, indicator: Indicator, variant: Variant = Variant.STANDARD, period: Period = MONTH
) -> Figure:
    return figure(records, indicator, variant, ALL_COURTS, period)


def ratio(made: Figure) -> tuple[int, int]:
    return made.numerator, made.denominator


_moments = st.integers(at(-40), at(75))
_maybe = st.none() | _moments
_reasons = st.sampled_from(["PAPERS_MISSING", "WRONG_DISTRICT", "OTHER"])
_returns = st.builds(Return, _moments, _reasons)


@st.composite
def random_matter(draw: st.DrawFn, number: int = 1) -> MatterRecord:
    """Any matter, also one that no history could make: the figures must add up all the same."""
    ended_at = draw(_maybe)
    sender, receiver = draw(st.permutations(COURTS))[:2]
    begun = draw(_moments)
    return matter(
        number,
        work=draw(st.sampled_from(Work)),
        sender=sender,
        receiver=receiver,
        accepted_at=begun,
        start=draw(st.just(begun) | _maybe),
        channel=draw(st.sampled_from(Channel)),
        arrived_at=draw(_maybe),
        sign_due=draw(_maybe),
        answered_at=draw(_maybe),
        signed_at=draw(_maybe),
        due=draw(_maybe),
        pauses=tuple(draw(st.lists(st.builds(Pause, _moments, _maybe), max_size=2))),
        ended_at=ended_at,
        under_review=draw(st.booleans()),
        papers_asked=draw(st.booleans()),
        judgements=tuple(
            draw(
                st.lists(st.builds(Judgement, st.sampled_from(COURTS), _moments, _maybe, _maybe), max_size=2)
            )
        ),
        returned=draw(st.none() | _returns) if ended_at is None else None,
        overturned=tuple(draw(st.lists(_returns, max_size=2))),
        left_at=draw(st.none() | _moments),
    )


random_matters = st.integers(0, 6).flatmap(
    lambda count: st.tuples(*(random_matter(number) for number in range(count))).map(list)
)
