"""`xiezhi-registry-sim`: a registry connector with people and property that cannot exist, for demos and tests.

What it answers is fixed by its data; how slowly, how badly and how often is configured. Nothing of it is random.
"""
