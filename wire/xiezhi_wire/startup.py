"""The one exception for what stops a program from starting."""


class StartupError(Exception):
    """The program cannot start; the message tells the operator what is wrong and where."""
