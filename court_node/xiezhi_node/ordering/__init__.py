"""Orders of every kind on their way to `Issued`: one path for drafts of people and for batches of programs.

A kind with content of its own has a message in the contract (`order_type`); everything else that kinds differ in is
data of the rulebook.

``order_type``     which message says what a kind orders
``convert``        orders as parts of a body, and back; ``case_parts`` are those of their case
``checks``         what an order may say and must say
``item_checks``    the same, item by item; ``required`` finds the fields that are not filled in
``typed_orders``   what only orders of one kind say (`order_check`), such as ``delegated_case``
``sender``         the court that sends: where to, until when, and what it has ordered for the case already
``sums``           what was ordered and what is controlled for a case
``drafts``         drafts checked against case, papers and rulebook
``batch``          orders that a program brings approved, many at once
"""
