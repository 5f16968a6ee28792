"""参与分配: the group of commands."""

import typer

from xiezhi_client.cli.distribution import claims, creditor, presiding

app = typer.Typer(no_args_is_help=True)
app.add_typer(creditor.app)
app.add_typer(claims.app)
app.add_typer(presiding.app)
