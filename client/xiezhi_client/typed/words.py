"""The Chinese of the contract's names, from the one table, and back from what people type."""

from xiezhi_client.typed.unreadable import UnreadableError
from xiezhi_domain.terms import Term
from xiezhi_domain.terms.matters import Kind


def word(vocabulary: type[Term], identifier: str) -> str:
    """Give the Chinese word; an identifier that the table does not have stays as it is."""
    try:
        return vocabulary(identifier).zh
    except ValueError:
        return identifier


def words(vocabulary: type[Term], identifiers: tuple[str, ...]) -> str:
    """Give the Chinese words with a dot between."""
    return "·".join(word(vocabulary, each) for each in identifiers)


def kind_word(identifier: str) -> str:
    """Give the name of a kind; kinds are data, so a court may have others."""
    return word(Kind, identifier)


def find(vocabulary: type[Term], text: str) -> str | None:
    """Give the identifier of a Chinese word or of itself; None if it is neither."""
    typed = text.strip()
    for member in vocabulary:
        if typed in {member.value, member.zh}:
            return member.value
    return None


def identifier(vocabulary: type[Term], text: str) -> str:
    """Give the identifier of what was typed. Raise `UnreadableError`, which lists the words."""
    found = find(vocabulary, text)
    if found is None:
        raise UnreadableError(f"“{text}”应为下列之一：{'、'.join(member.zh for member in vocabulary)}")
    return found
