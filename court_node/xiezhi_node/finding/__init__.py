"""查人找物: find instructions, drafted by people or issued in batches by programs.

``checks``   what an order may ask for, by the rulebook
``convert``  orders as parts of a body, and back
``batch``    orders that a program brings approved, many at once
``service``  `FindService`
"""
