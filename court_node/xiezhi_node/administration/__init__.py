"""系统管理 of a node: how it is, and the programs beside it."""
