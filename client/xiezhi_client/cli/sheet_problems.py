"""What is wrong in a sheet, as a table for people and as data for programs."""

from collections.abc import Sequence
from typing import Final, NoReturn

import typer

from xiezhi_client.cli.run import Run
from xiezhi_client.sheets.reading import Problem

HEAD: Final = ("行", "列", "问题")


def plain(problem: Problem) -> dict[str, object]:
    """Give a problem as JSON takes it."""
    return {"row": problem.row, "column": problem.column, "message": problem.message}


def refuse(run: Run, problems: Sequence[Problem], title: str) -> NoReturn:
    """Print all that is wrong and leave."""
    run.screen.data({"problems": [plain(each) for each in problems]})
    run.screen.table(title, HEAD, [(each.row, each.column, each.message) for each in problems])
    raise typer.Exit(1)
