"""Acting: how what a person does becomes an event of this court (design.md §2).

`compose` makes bodies and headers, `own` stores an own event with its pending view, `act` takes a step on the ladder,
`issue` begins a matter. All of it runs in the writer: the event is stored and signed before anybody is answered.
"""
