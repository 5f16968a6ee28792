from xiezhi_domain.errors import DomainError, Reason


class ProofError(DomainError):
    """Well-formed evidence that does not prove what it claims (`SIGNATURE_INVALID`)."""

    def __init__(self, message: str = "") -> None:
        super().__init__(Reason.SIGNATURE_INVALID, message)
        # An exception is copied and pickled by calling its class with `args`.
        self.args = (message,)
