"""Figures, matters behind them and definitions as the contract shows them."""

from typing import Final

from xiezhi.v1 import bulletin_service_pb2
from xiezhi.v1 import indicator_pb2 as pb
from xiezhi_desk.terms import CHANNELS, INDICATORS, RETURN_CAUSES, VARIANTS
from xiezhi_domain.indicators import CountedMatter, Definition, Edition, Measure, Period
from xiezhi_domain.indicators.bulletin import Correction, Line, Numbers
from xiezhi_domain.indicators.display import shown, shown_change

_MEASURES: Final = {
    Measure.RATE: pb.MEASURE_RATE,
    Measure.DAYS: pb.MEASURE_DAYS,
    Measure.COUNT: pb.MEASURE_COUNT,
}


def period_message(period: Period) -> pb.Period:
    """Return a period as a message."""
    return pb.Period(first_day=period.first.isoformat(), last_day=period.last.isoformat())


def figure_message(line: Line, edition: Edition) -> pb.Figure:
    """Return a figure with its comparisons as a message."""
    return pb.Figure(
        indicator=INDICATORS.to_proto(line.key.indicator),
        variant=VARIANTS.to_proto(line.key.variant),
        court=line.key.court,
        channel=CHANNELS.to_proto(line.key.channel),
        measure=_MEASURES[line.measure],
        numbers=_numbers(line.numbers),
        shown=shown(line.measure, line.value),
        previous=_numbers(line.previous),
        year_before=_numbers(line.year_before),
        shown_on_previous=shown_change(line.measure, line.change_on(line.previous)),
        shown_on_year_before=shown_change(line.measure, line.change_on(line.year_before)),
        place=line.place,
        provisional=line.provisional,
        shown_median="" if line.median is None else shown(line.measure, line.median),
        shown_p90="" if line.p90 is None else shown(line.measure, line.p90),
        reasons=[
            pb.ReturnReasonCount(
                reason=reason, cause=RETURN_CAUSES.to_proto(edition.cause(reason)), count=count
            )
            for reason, count in sorted(line.reasons.items())
        ],
    )


def counted_message(matter: CountedMatter) -> pb.CountedMatter:
    """Return a matter behind a figure as a message."""
    return pb.CountedMatter(
        instruction_id=matter.id,
        matter_number=matter.number,
        amount=matter.unit.amount,
        provisional=matter.unit.provisional,
        reason=matter.unit.label,
    )


def correction_message(correction: Correction) -> bulletin_service_pb2.FigureCorrection:
    """Return a correction as a message."""
    line = correction.line
    return bulletin_service_pb2.FigureCorrection(
        indicator=INDICATORS.to_proto(line.key.indicator),
        variant=VARIANTS.to_proto(line.key.variant),
        court=line.key.court,
        channel=CHANNELS.to_proto(line.key.channel),
        published=_numbers(line.numbers),
        shown_published=shown(line.measure, line.value),
        now=_numbers(correction.now),
        shown_now=shown(line.measure, correction.value),
        entered=[counted_message(matter) for matter in correction.entered],
        left=[counted_message(matter) for matter in correction.left],
    )


def definition_message(definition: Definition) -> pb.IndicatorDefinition:
    """Return one indicator's definitions as a message."""
    return pb.IndicatorDefinition(
        indicator=INDICATORS.to_proto(definition.indicator),
        measure=_MEASURES[definition.measure],
        version=definition.version,
        valid_from=definition.valid_from.isoformat(),
        valid_to=definition.valid_to.isoformat() if definition.valid_to else "",
        variants=[
            pb.VariantFormula(variant=VARIANTS.to_proto(variant), formula=formula)
            for variant, formula in definition.variants.items()
        ],
        source=definition.source,
        confirmed=definition.confirmed,
    )


def _numbers(numbers: Numbers) -> pb.FigureNumbers:
    return pb.FigureNumbers(numerator=numbers.numerator, denominator=numbers.denominator)
