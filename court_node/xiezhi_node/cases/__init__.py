"""Cases of this court as far as matters need them; the case-management system is their master, not the node.

``checks``     what may be entered
``masking``    cases and subjects without the numbers of people
``store``      rows of cases
``source``     the court's case source (`xiezhi.v1.CaseSource`), if it has one
``importing``  a case taken from it
``dossier``    papers of the electronic dossier, fetched into an instruction; ``sharing`` lets the other court read some
``changes``    what becomes of cases and what staff choose; ``telling`` tells the other courts, ``watching`` follows the
               source, ``change_store`` keeps it
``feedback``   results written back, by the outbox of ``feedback_store``
``related``    cases of other courts with a common party; ``marks`` and ``open_cases`` are what the hub is told
``desk``       all of these together
``service``    `CaseService`
"""
