"""The `xiezhi` command line: one file for each group of commands.

`app`        all commands; `root` what they share: options anywhere, errors as exit codes
`run`        one run: profile, connection, the matter meant; `screen` Chinese for people, JSON for programs
`arguments`  how papers, outcomes and matters are written; `words` the Chinese of the vocabularies
`batch`      the import of many orders from a spreadsheet
"""


def main() -> None:
    """Run the command line and leave with 0 (done), 1 (refused), 2 (usage) or 3 (not reached)."""
    # Loaded here, so that importing a part of the package does not load every command.
    from xiezhi_client.cli.app import app  # noqa: PLC0415  see above

    app()
