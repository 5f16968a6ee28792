"""What somebody has typed cannot be read."""


class UnreadableError(ValueError):
    """Says in Chinese what is wrong and how it should be written; the command line makes a usage error of it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
