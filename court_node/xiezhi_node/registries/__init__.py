"""Registries: asking all of them about an obligor, letting them act, hearing of persons seen."""
