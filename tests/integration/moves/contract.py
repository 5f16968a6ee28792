"""What the contract says of its methods: which moves they make, for which kinds, on whose desk."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module, resources

from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor

import xiezhi.v1
from xiezhi.v1 import move_pb2
from xiezhi_domain.rulebook import KindRules, Move, Side
from xiezhi_domain.terms import Action


class Program(StrEnum):
    """On whose desk a method is served."""

    NODE = "node"
    HUB = "hub"


@dataclass(frozen=True)
class Method:
    """A method of the contract that makes moves. `kinds`: those that it or its service is for; empty: every kind."""

    name: str
    makes: frozenset[str]
    kinds: frozenset[str]
    program: Program
    descriptor: MethodDescriptor

    def can_make(self, move: Move, rules: KindRules) -> bool:
        """Whether the contract says that this method makes *move* in matters of the kind of *rules*."""
        if move.kind not in self.makes or (self.kinds and rules.kind not in self.kinds):
            return False
        if move.starts and self.name in SEALS and move.action is not Action.AFFIX_SEAL:
            # What goes up to the superior, or comes from there, is not sealed at a desk of the command centre.
            return False
        if move.changes is not None:
            # Only the common superior puts another court in a party's place, at its own desk.
            return self.program is Program.HUB
        return bool(move.sides & sides_of(self.program, rules))


def sides_of(program: Program, rules: KindRules) -> frozenset[Side]:
    """The sides whose people sit at *program*. Where the superior sends the matters, the sender is the hub's court."""
    from_above = rules.start.sides == {Side.SUPERIOR}
    node = {Side.RECEIVER} if from_above else {Side.SENDER, Side.RECEIVER}
    return frozenset(node if program is Program.NODE else set(Side) - node)


SEALS = frozenset({"InstructionService.AffixSeal", "InstructionService.BatchAct"})
"""What sends a draft."""


@cache
def methods() -> dict[str, Method]:
    """Every method that makes moves, by `Service.Method`."""
    found = {}
    for service in _services():
        served = service.GetOptions().Extensions[move_pb2.kinds]
        for method in service.methods:
            kinds = frozenset(method.GetOptions().Extensions[move_pb2.only] or served)
            makes = frozenset(method.GetOptions().Extensions[move_pb2.makes])
            if makes:
                name = f"{service.name}.{method.name}"
                found[name] = Method(name, makes, kinds, _program(service), method)
    return found


def _services() -> Iterator[ServiceDescriptor]:
    for file in sorted(resources.files(xiezhi.v1).iterdir(), key=lambda file: file.name):
        if file.name.endswith("_service_pb2.py"):
            module = import_module(f"xiezhi.v1.{file.name.removesuffix('.py')}")
            yield from module.DESCRIPTOR.services_by_name.values()


def _program(service: ServiceDescriptor) -> Program:
    [program] = [program for program in Program if service.full_name in policy(program)]
    return program


@cache
def policy(program: Program) -> dict[str, dict[str, str | list[str]]]:
    """Who may call what on the desk of *program*: service → method → role, roles, or a word for everybody."""
    text = resources.files(f"xiezhi_{program}").joinpath("policy_desk.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
