"""Figures at hub and node: the same service over the same folds, each of what it holds."""
