"""What a bulletin says as a paper: tables and charts of its figures as frozen, corrections, how they are counted."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final

from xiezhi.v1 import bulletin_service_pb2 as pb
from xiezhi.v1 import channel_pb2, indicator_pb2
from xiezhi_desk.terms import BULLETIN_STATES, CHANNELS, INDICATORS, VARIANTS
from xiezhi_domain.court_time import to_text
from xiezhi_domain.indicators import Edition, Period
from xiezhi_domain.terms import BulletinState, Channel, Indicator
from xiezhi_papers.bulletins.paper import Bar, BulletinPaper, Chart, Table

_ALL: Final = "合计"
_NONE: Final = "—"
_DAY_MS: Final = 86_400_000
_CHARTED: Final = (
    *(Indicator.COMPLETED_IN_TIME, Indicator.SIGNED_IN_TIME, Indicator.RETURNED_RECEIVED),
    *(Indicator.HANDLING_DAYS, Indicator.SUPERVISION_IN_TIME),
)
"""What courts are compared by in pictures."""


def bulletin_paper(
    bulletin: pb.GetBulletinResponse,
    edition: Edition,
    name_of: Callable[[str], str],
    font_directory: str = "",
) -> BulletinPaper:
    """Return the paper of a bulletin as its reader may see it; *name_of* gives the name of a court by its code."""
    summary = bulletin.bulletin
    period = Period(date.fromisoformat(summary.period.first_day), date.fromisoformat(summary.period.last_day))
    figures = [each for each in bulletin.figures if each.channel == channel_pb2.CHANNEL_PLATFORM]
    return BulletinPaper(
        title=f"{name_of(summary.court)}执行协作通报（{period.words}）",
        lines=tuple(_lines(summary)),
        tables=tuple(_tables(bulletin, figures, name_of)),
        charts=tuple(_charts(figures, name_of)),
        notes=tuple(_notes(figures, edition, period)),
        font_directory=font_directory,
        timestamp=summary.drawn_up_at.seconds,
    )


def _lines(summary: pb.BulletinSummary) -> Iterator[str]:
    state = BULLETIN_STATES.from_proto(summary.state, "state")
    period = summary.period
    yield f"统计期间：{period.first_day} 至 {period.last_day}　渠道：{Channel.PLATFORM.zh}"
    if state is BulletinState.PUBLISHED:
        done = f"{to_text(summary.published_at.ToMilliseconds())} 发布"
    else:
        done = f"{state.zh}，数据异议截止 {to_text(summary.objections_until.ToMilliseconds())}"
    yield f"冻结于平台日志第 {summary.log_size} 条　{done}"


def _tables(
    bulletin: pb.GetBulletinResponse,
    figures: Sequence[indicator_pb2.Figure],
    name_of: Callable[[str], str],
) -> Iterator[Table]:
    indicators = [each for each in Indicator if any(_of(figure) is each for figure in figures)]
    by_court: dict[str, dict[Indicator, indicator_pb2.Figure]] = {}
    for figure in figures:
        by_court.setdefault(figure.court, {})[_of(figure)] = figure
    courts = sorted(by_court, key=lambda code: (not code, code))
    yield Table(
        "各院指标",
        ("法院", *(each.zh for each in indicators)),
        tuple(
            (_court(code, name_of), *(_shown(by_court[code].get(each)) for each in indicators))
            for code in courts
        ),
    )
    yield Table(
        "分子、分母和变化",
        ("指标和法院", "数值", "分子", "分母", "环比", "同比", "名次"),
        tuple(
            _detail(by_court[code][each], f"{each.zh}·{_court(code, name_of)}")
            for each in indicators
            for code in courts
            if each in by_court[code]
        ),
    )
    if bulletin.corrections:
        yield Table(
            "更正",
            ("指标和法院", "渠道", "发布时", "更正为"),
            tuple(_correction(each, name_of) for each in bulletin.corrections),
        )


def _detail(figure: indicator_pb2.Figure, name: str) -> tuple[str, ...]:
    numbers = figure.numbers
    days = figure.measure == indicator_pb2.MEASURE_DAYS
    numerator = f"{numbers.numerator / _DAY_MS:.1f} 天" if days else str(numbers.numerator)
    changes = (figure.shown_on_previous or _NONE, figure.shown_on_year_before or _NONE)
    return name, figure.shown, numerator, str(numbers.denominator), *changes, str(figure.place or _NONE)


def _correction(each: pb.FigureCorrection, name_of: Callable[[str], str]) -> tuple[str, ...]:
    indicator = INDICATORS.from_proto(each.indicator, "indicator")
    channel = CHANNELS.from_proto(each.channel, "channel")
    name = f"{indicator.zh}·{_court(each.court, name_of)}"
    return name, channel.zh, each.shown_published, each.shown_now


def _charts(figures: Sequence[indicator_pb2.Figure], name_of: Callable[[str], str]) -> Iterator[Chart]:
    for indicator in _CHARTED:
        found = [
            each for each in figures if each.court and _of(each) is indicator and each.numbers.denominator > 0
        ]
        if not found:
            continue
        days = found[0].measure == indicator_pb2.MEASURE_DAYS
        bars = tuple(
            Bar(name_of(each.court), _value(each.numbers, days=days), each.shown)
            for each in sorted(found, key=lambda figure: figure.court)
        )
        yield Chart(indicator.zh, "天" if days else "%", bars)


def _value(numbers: indicator_pb2.FigureNumbers, *, days: bool) -> float:
    """Return the length of a bar: days, or per cent."""
    value = numbers.numerator / numbers.denominator
    return round(max(value / _DAY_MS if days else value * 100, 0.0), 2)


def _notes(figures: Sequence[indicator_pb2.Figure], edition: Edition, period: Period) -> Iterator[str]:
    variants = {_of(each): VARIANTS.from_proto(each.variant, "variant") for each in figures}
    for indicator in Indicator:
        if indicator in variants:
            definition = edition.find(indicator, period.last)
            variant = variants[indicator]
            to_confirm = "" if definition.confirmed else "，待上级确认"
            formula = definition.variants[variant]
            yield f"{indicator.zh}：{formula}（{variant.zh}，第 {definition.version} 版{to_confirm}）"
    yield f"不足 {edition.least_to_rank} 件的只列数不排名；没有可统计事项的以“—”表示。"


def _of(figure: indicator_pb2.Figure) -> Indicator:
    return INDICATORS.from_proto(figure.indicator, "indicator")


def _shown(figure: indicator_pb2.Figure | None) -> str:
    return figure.shown if figure is not None else _NONE


def _court(code: str, name_of: Callable[[str], str]) -> str:
    return name_of(code) if code else _ALL
