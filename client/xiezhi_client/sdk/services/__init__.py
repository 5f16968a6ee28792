"""One wrapper for each service of the contract that people and programs call."""
