"""The parts of a body that every order about one case shares."""

from collections.abc import Sequence

from xiezhi.v1 import case_pb2
from xiezhi_node.acting.compose import PartContent


class CaseParts:
    """The parts of one case; made once for a batch."""

    def __init__(self, case: case_pb2.Case) -> None:
        self.case = case
        self.size = case.ByteSize()
        self.subjects = {subject.number: subject for subject in case.subjects}
        bare = case_pb2.Case()
        bare.CopyFrom(case)
        bare.ClearField("subjects")
        self._bare = bare.SerializeToString()
        self._parts = {
            number: (f"subject/{number}", subject.SerializeToString())
            for number, subject in self.subjects.items()
        }

    def parts(self, numbers: Sequence[int]) -> list[PartContent]:
        """Return the case without its subjects, then those with *numbers*."""
        return [("case", self._bare), *(self._parts[number] for number in numbers)]

    def names(self, numbers: Sequence[int]) -> str:
        """Return the names of the subjects as lists show them."""
        subjects = (self.subjects[number] for number in numbers)
        return "、".join(subject.person.name or subject.organisation.name for subject in subjects)
