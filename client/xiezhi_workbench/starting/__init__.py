"""Forms that start a matter: one description for each sort of order (`starts`), the rest is read from the contract.

`shapes` says by the type of a field of the SDK's record how it is entered; `entries` takes a form apart by the paths of
these fields and puts it together again; `item_inputs` and `papers_asked` read what is needed from the rulebook.
"""
