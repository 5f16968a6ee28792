"""Who may call which method: a table, loaded at start; a method missing from it is refused (design §9).

One TOML file for each program. A table for each service, a row for each method, a word or a list of words in
it:

    ["xiezhi.v1.AccountService"]
    SignIn = "public"
    GetMe = ["session", "first-password"]
    CreateAccount = ["ADMINISTRATOR"]

    ["xiezhi.v1.DocumentService"]
    DownloadDocument = ["node", "JUDGE", "ASSISTANT"]

    ``public``    anybody
    ``join``      a court with a join token
    ``node``      a court's node with its certificate
    ``session``   any signed-in person or program
    ``ROLE``      a signed-in person or program with this role (`xiezhi_domain.terms.Role`)
    ``first-password``  somebody who has yet to change the password that he was given; nobody else's row is his
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from google.protobuf.descriptor import ServiceDescriptor

from xiezhi_domain.errors import NotAllowed, Reason
from xiezhi_domain.terms import Role
from xiezhi_wire.caller import AnyCaller, Caller, JoinCaller
from xiezhi_wire.peer import PeerCertificate
from xiezhi_wire.startup import StartupError


class Admits(StrEnum):
    """The kinds of callers that a row can name beside roles."""

    PUBLIC = "public"
    JOIN = "join"
    NODE = "node"
    SESSION = "session"
    FIRST_PASSWORD = "first-password"  # noqa: S105  the kind of caller


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: the kinds and the roles that it admits."""

    kinds: frozenset[Admits]
    roles: frozenset[Role]

    def admits(self, caller: AnyCaller | None) -> bool:
        """Whether ``caller`` (None for nobody known) may call."""
        if Admits.PUBLIC in self.kinds:
            return True
        match caller:
            case Caller(must_change_password=True):
                return Admits.FIRST_PASSWORD in self.kinds
            case Caller():
                return Admits.SESSION in self.kinds or not self.roles.isdisjoint(caller.roles)
            case PeerCertificate():
                return Admits.NODE in self.kinds
            case JoinCaller():
                return Admits.JOIN in self.kinds
            case None:
                return False


_PUBLIC = Rule(frozenset({Admits.PUBLIC}), frozenset())
# The services that a listener brings itself: health for whoever reaches it, reflection if switched on.
_OWN_METHODS = {
    "/grpc.health.v1.Health/Check": _PUBLIC,
    "/grpc.health.v1.Health/List": _PUBLIC,
    "/grpc.health.v1.Health/Watch": _PUBLIC,
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo": _PUBLIC,
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo": _PUBLIC,
}


class MethodPolicy:
    """The loaded table, by full method name (``/package.Service/Method``)."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = {**_OWN_METHODS, **rules}

    @classmethod
    def load(cls, text: str) -> Self:
        """The table in TOML.

        Raises:
            StartupError: the text is not TOML, or a row names a word that is neither a kind nor a role.

        """
        try:
            services = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise StartupError(f"the method policy is not TOML: {error}") from error
        rules: dict[str, Rule] = {}
        for service, rows in services.items():
            if not isinstance(rows, dict):
                raise StartupError(f"the method policy has {service!r} outside a service's table")
            for method, words in rows.items():
                full_method = f"/{service}/{method}"
                rules[full_method] = _rule(full_method, words)
        return cls(rules)

    def check(self, method: str, caller: AnyCaller | None) -> None:
        """Lets ``caller`` (None for nobody known) call ``method``, or refuses.

        Raises:
            NotAllowed: `FORBIDDEN` for a method without a row, `SIGNED_OUT` for nobody known, `WRONG_ROLE`
            for
                a person or program, `PASSWORD_NOT_OWN` for somebody with a first password, `FORBIDDEN` for any
                other caller that the row does not admit.

        """
        rule = self._rules.get(method)
        if rule is None:
            raise NotAllowed(Reason.FORBIDDEN)
        if rule.admits(caller):
            return
        match caller:
            case None:
                raise NotAllowed(Reason.SIGNED_OUT)
            case Caller(must_change_password=True):
                raise NotAllowed(Reason.PASSWORD_NOT_OWN)
            case Caller():
                raise NotAllowed(Reason.WRONG_ROLE)
            case _:
                raise NotAllowed(Reason.FORBIDDEN)

    def missing(self, services: Iterable[ServiceDescriptor]) -> list[str]:
        """The methods of ``services`` that have no row; empty for a complete table."""
        return sorted(method for method in full_methods(services) if method not in self._rules)

    def unknown(self, services: Iterable[ServiceDescriptor]) -> list[str]:
        """The rows that name no method of ``services``: misspelt or left over; empty for a tidy table."""
        known = {*full_methods(services), *_OWN_METHODS}
        return sorted(method for method in self._rules if method not in known)


def full_methods(services: Iterable[ServiceDescriptor]) -> list[str]:
    """The full names of all methods of ``services``."""
    return [f"/{service.full_name}/{method.name}" for service in services for method in service.methods]


def _rule(method: str, words: object) -> Rule:
    listed = [words] if isinstance(words, str) else words
    if not isinstance(listed, list) or not listed:
        raise StartupError(f"the method policy needs a word or a list of words for {method}")
    kinds, roles = set(), set()
    for word in listed:
        if word in list(Admits):
            kinds.add(Admits(word))
        elif word in list(Role):
            roles.add(Role(word))
        else:
            raise StartupError(
                f"the method policy names neither a kind of caller nor a role for {method}: {word!r}"
            )
    return Rule(frozenset(kinds), frozenset(roles))
