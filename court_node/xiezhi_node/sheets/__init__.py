"""The sheets that the court prints and sends up: 台账 (ledger of matters) and 交办单 (hand-out sheet)."""
