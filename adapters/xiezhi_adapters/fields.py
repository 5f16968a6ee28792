"""Case files (TOML, JSON) as messages: the contract's field names, enum values by identifier or by Chinese word."""

from collections.abc import Mapping
from typing import Any, Final

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

from xiezhi_domain.errors import FieldViolation
from xiezhi_domain.terms import PaperType, Role, SubjectRole, Term

IDENTITY_DOCUMENTS: Final = {
    "居民身份证": "CITIZEN_ID",
    "身份证": "CITIZEN_ID",
    "护照": "PASSPORT",
    "居住证": "RESIDENCE_PERMIT",
    "通行证": "RESIDENCE_PERMIT",
    "其他证件": "OTHER",
}
"""How people call the papers that prove who somebody is."""

_VOCABULARIES: Final[Mapping[str, type[Term]]] = {
    "SubjectRole": SubjectRole,
    "Role": Role,
    "PaperType": PaperType,
}
_WHOLE_NUMBERS: Final = {FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_INT64}


def identifier_of(enum: EnumDescriptor, text: str) -> int | None:
    """Return the number of an enum value that is written as identifier or Chinese word; None if it is neither."""
    written = text.strip()
    vocabulary = _VOCABULARIES.get(enum.name, ())
    words = {term.zh: term.name for term in vocabulary} or IDENTITY_DOCUMENTS
    prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    value = enum.values_by_name.get(prefix + words.get(written, written))
    return value.number if value is not None and value.number else None


class FieldReader:
    """Fills messages from what TOML or JSON gives and collects what is wrong with it."""

    def __init__(self, place: str) -> None:
        self._place = place
        self.problems: list[FieldViolation] = []

    def fill(self, message: Message, values: Mapping[str, Any], path: str = "") -> None:
        """Set the fields of *message* that *values* names."""
        known = message.DESCRIPTOR.fields_by_name
        for name, value in values.items():
            where = f"{path}.{name}" if path else name
            field = known.get(name)
            if field is None:
                self._wrong(where, f"没有这个字段，可填写的有：{'、'.join(known)}")
            else:
                self._set(message, field, value, where)

    def note(self, where: str, problem: str) -> None:
        """Note something else that is wrong in the file."""
        self._wrong(where, problem)

    def _set(self, message: Message, field: Any, value: Any, where: str) -> None:
        if field.is_repeated:
            self._set_all(message, field, value, where)
        elif field.message_type is not None:
            if isinstance(value, Mapping):
                getattr(message, field.name).SetInParent()
                self.fill(getattr(message, field.name), value, where)
            else:
                self._wrong(where, "应为一组字段")
        else:
            read = self._scalar(field, value, where)
            if read is not None:
                setattr(message, field.name, read)

    def _set_all(self, message: Message, field: Any, value: Any, where: str) -> None:
        if not isinstance(value, list):
            self._wrong(where, "应为列表")
            return
        values = getattr(message, field.name)
        for at, each in enumerate(value):
            if field.message_type is None:
                read = self._scalar(field, each, f"{where}[{at}]")
                if read is not None:
                    values.append(read)
            elif isinstance(each, Mapping):
                self.fill(values.add(), each, f"{where}[{at}]")
            else:
                self._wrong(f"{where}[{at}]", "应为一组字段")

    def _scalar(self, field: Any, value: Any, where: str) -> Any:
        if field.enum_type is not None:
            number = identifier_of(field.enum_type, value) if isinstance(value, str) else None
            if number is None:
                self._wrong(where, "选项无法识别，请填写规定的名称")
            return number
        if field.cpp_type in _WHOLE_NUMBERS:
            if type(value) is int:
                return value
            self._wrong(where, "应为整数")
        elif isinstance(value, str):
            return value
        else:
            self._wrong(where, "应为文字，请加引号")
        return None

    def _wrong(self, where: str, problem: str) -> None:
        self.problems.append(FieldViolation(f"{self._place} {where}", problem))
