"""督办 by the intermediate court (ADR 0006): drafted and approved at the hub's desk, issued by the hub's own key.

`orders` checks what is drafted, `drafts` keeps it, `issue` makes one matter for each court, `marking` shows it on the
matters that it is about, `reading` puts together what was said, `service` takes the calls.
"""
