"""The templates' language: Jinja in its sandbox, over plain texts and lists only."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateSyntaxError, meta
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from xiezhi_domain.errors import InvalidInput

LONGEST_RANGE: Final = 1_000
_NAMES: Final = re.compile(r"'([^']+)'")


def environment(*, autoescape: bool) -> ImmutableSandboxedEnvironment:
    """Return an environment in which a template reaches its data and nothing else.

    Its loader knows no template, so that nothing can be included; there is no function but a short `range`; and a
    name that is not there is an error, not an empty text.
    """
    made = ImmutableSandboxedEnvironment(
        autoescape=autoescape, undefined=StrictUndefined, loader=DictLoader({})
    )
    made.globals = {"range": _short_range}
    return made


@contextmanager
def explaining(field: str) -> Iterator[None]:
    """Tell what goes wrong in a template inside the block.

    :raises InvalidInput: naming *field*.
    """
    try:
        yield
    except TemplateError as error:
        raise InvalidInput.in_field(field, _explain(error)) from None
    except (ArithmeticError, TypeError, ValueError, LookupError, RecursionError, AttributeError) as error:
        # What the template's own expressions raise when they are worked out.
        raise InvalidInput.in_field(field, f"模板中的表达式有误：{type(error).__name__}") from None


def require_known(source_names: set[str], known: Mapping[str, Any], field: str) -> None:
    """Let pass a template that names only what there is.

    :raises InvalidInput: naming *field*, and the names.
    """
    unknown = sorted(source_names - known.keys() - {"range"})
    if unknown:
        raise InvalidInput.in_field(
            field, f"模板中有未知字段：{'、'.join(unknown)}；可用字段：{'、'.join(sorted(known))}"
        )


def names_in(source: str) -> set[str]:
    """Return the names that a text template takes from its data.

    :raises TemplateError: it is no template.
    """
    return meta.find_undeclared_variables(environment(autoescape=False).parse(source))


def _explain(error: TemplateError) -> str:
    """Return what is wrong with a template, for the one who wrote it."""
    match error:
        case SecurityError():
            return "模板使用了不允许的操作"
        case UndefinedError():
            named = "、".join(_NAMES.findall(error.message or "")[-1:])
            return f"模板中有未知字段：{named}"
        case TemplateSyntaxError():
            return f"模板第 {error.lineno} 行写法有误：{error.message}"
        case _:
            return f"模板有误：{error.message or type(error).__name__}"


def _short_range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > LONGEST_RANGE:
        raise SecurityError("a range is too long")
    return numbers
