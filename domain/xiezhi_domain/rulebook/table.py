"""A table of a rulebook, read by name and type. Every slip is told with file, line and path."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeVar

from xiezhi_domain.errors import FormatError
from xiezhi_domain.terms import Term

T = TypeVar("T")
TermT = TypeVar("TermT", bound=Term)


class Table:
    """Keys and values of one table; it remembers which were asked for, so that unknown ones are found."""

    def __init__(
        self, path: str, place: str, values: Mapping[str, object], places: Mapping[str, str]
    ) -> None:
        self.path = path
        self.place = place
        self.values = values
        self.places = places
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        """Say whether *key* is there."""
        return key in self.values

    def __iter__(self) -> Iterator[str]:
        """Give the keys in the order of the file."""
        return iter(self.values)

    def slip(self, problem: str, key: str = "") -> FormatError:
        """Return the error that tells *problem* with its place."""
        place = self.places.get(key, self.place)
        path = ".".join(part for part in (self.path, key) if part)
        return FormatError(f"规则库 {place} {path}：{problem}")

    def finish(self) -> None:
        """Check that every key was asked for.

        :raises FormatError: names the first that was not.
        """
        for key in self.values:
            if key not in self._asked:
                raise self.slip("未知的键", key)

    def get(self, key: str, wanted: type[T]) -> T:
        """Return the value of *key*.

        :raises FormatError: missing, or of another type; a boolean is no number.
        """
        self._asked.add(key)
        value = self.values.get(key)
        if type(value) is not wanted:
            raise self.slip(f"缺少 {key}，或类型不对", key)
        return value

    def get_or(self, key: str, default: T) -> T:
        """Return the value of *key*, which has the type of *default*, or *default* where it is left out."""
        self._asked.add(key)
        return self.get(key, type(default)) if key in self else default

    def rows(self, key: str, wanted: type[T]) -> list[T]:
        """Return the values of a list, empty where it is left out."""
        values: list[Any] = self.get_or(key, [])
        if any(type(value) is not wanted for value in values):
            raise self.slip(f"{key} 中的类型不对", key)
        return values

    def names(self, key: str) -> frozenset[str]:
        """Return a list of names; one alone may stand without brackets."""
        self._asked.add(key)
        value = self.values.get(key)
        return frozenset({value}) if isinstance(value, str) else frozenset(self.rows(key, str))

    def table(self, key: str) -> "Table":
        """Return the table *key*."""
        return self.get(key, Table)

    def tables(self, key: str) -> dict[str, "Table"]:
        """Return the tables within the table *key*, none where it is left out."""
        self._asked.add(key)
        return self.table(key).all_tables() if key in self else {}

    def required_tables(self, key: str) -> dict[str, "Table"]:
        """Return the tables within the table *key*, of which there is one at least."""
        found = self.tables(key)
        if not found:
            raise self.slip(f"缺少 {key}")
        return found

    def all_tables(self) -> dict[str, "Table"]:
        """Return all values, each of which is a table."""
        return {key: self.get(key, Table) for key in self.values}

    def words(self, key: str) -> dict[str, str]:
        """Return the table *key*, whose values are texts; empty where it is left out."""
        self._asked.add(key)
        if key not in self:
            return {}
        return self.table(key).words_of_all()

    def words_of_all(self) -> dict[str, str]:
        """Return all values, each of which is a text."""
        return {name: self.get(name, str) for name in self.values}

    def term(self, vocabulary: type[TermT], key: str) -> TermT:
        """Return the term of *vocabulary* that *key* names."""
        return self.named(vocabulary, self.get(key, str), key)

    def term_or_none(self, vocabulary: type[TermT], key: str) -> TermT | None:
        """Return the term that *key* names, None where it is left out."""
        self._asked.add(key)
        return self.term(vocabulary, key) if key in self else None

    def terms(self, vocabulary: type[TermT], key: str) -> frozenset[TermT]:
        """Return the terms that the list *key* names."""
        return frozenset(self.named(vocabulary, name, key) for name in self.rows(key, str))

    def named(self, vocabulary: type[TermT], name: str, key: str = "") -> TermT:
        """Return the term *name*, which stands under *key*."""
        try:
            return vocabulary(name)
        except ValueError:
            raise self.slip(f"{vocabulary.__name__} 没有 {name}", key) from None

    def choice(self, choices: Callable[[Any], T], key: str, default: object = None) -> T:
        """Return the member of an enumeration that *key* names, or *default*."""
        self._asked.add(key)
        return self.one_of(choices, self.values.get(key, default), key)

    def one_of(self, choices: Callable[[Any], T], name: object, key: str) -> T:
        """Return the member of an enumeration that is called *name* and stands under *key*."""
        try:
            return choices(name)
        except ValueError:
            raise self.slip(f"{name} 不在允许的取值内", key) from None

    def only(self, keys: Collection[str], *, strict: bool = False) -> "Table":
        """Return the part of this table under *keys*.

        :raises FormatError: there are others, where it is *strict*.
        """
        others = [key for key in self.values if key not in keys]
        if others and strict:
            raise self.slip("此处不能改写", others[0])
        kept = {key: value for key, value in self.values.items() if key in keys}
        return Table(self.path, self.place, kept, self.places)

    def over(self, below: "Table | None") -> "Table":
        """Return this table laid over *below*: tables are merged, lists appended, single values replaced."""
        if below is None:
            return self
        values = dict(below.values)
        for key, value in self.values.items():
            old = values.get(key)
            if isinstance(value, Table) and isinstance(old, Table):
                values[key] = value.over(old)
            elif isinstance(value, list) and isinstance(old, list) and value and isinstance(value[0], Table):
                values[key] = [*old, *value]
            else:
                values[key] = value
        return Table(self.path, self.place, values, {**below.places, **self.places})

    def beside(self, other: "Table") -> "Table":
        """Return both tables as one; a value that stands in both is a slip.

        :raises FormatError: names the second one.
        """
        for key, value in self.values.items():
            old = other.values.get(key)
            if old is not None and not isinstance(value, Table | list):
                raise self.slip("已在另一文件中写过", key)
            if isinstance(value, Table) and isinstance(old, Table):
                value.beside(old)
        return self.over(other)
