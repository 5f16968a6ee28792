"""The records, one module for each file of the contract."""
