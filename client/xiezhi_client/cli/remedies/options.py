"""Options that the remedies share."""

from typing import Annotated

import typer

Why = Annotated[str, typer.Option("--text", help="理由，必填")]
Reason = Annotated[
    str, typer.Option("--reason", help="规则库中的原因，中文或代码；写错时列出可选的原因，例如 --reason 其他")
]
Urgent = Annotated[
    str,
    typer.Option(
        "--urgent",
        metavar="原因[：说明]",
        help="24 小时办理；原因如 发现被执行人下落、财产即将转移，其他原因直接写明",
    ),
]
