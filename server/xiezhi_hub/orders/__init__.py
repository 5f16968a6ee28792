"""Orders of the superior (practice.md §2): drafted, approved by somebody else, issued, followed up to the end.

`checks` says what may be drafted, `issue` makes one matter for each court, `handovers` ties an order to the handover
that it is the ruling of, `moving` moves open matters with their case and `staying` says which cannot go, `elevating`
files with the superior, `ending` closes, `reading` puts an order together, `candidates` proposes cases; `service` takes
the calls, `request_desk` those about what lower courts ask for.
"""
