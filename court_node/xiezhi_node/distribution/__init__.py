"""参与分配: applications that courts pass on, and the distribution that one of them presides over.

``ordering.participation`` says how an application is checked.

``reading``      the matters of a distribution and what their events make of it
``together``     an event in every matter of a distribution, all or none
``asked``        what requests ask for, checked, as facts
``table``        the printed table of a plan
``plans``        plans with names: completed from the admissions, kept as parts of bodies
``taking_part``  what the court of a creditor does in its matter
``single_matter``  what the presiding court does in one matter
``presiding``    what it does in all of them at once
``showing``      a distribution as a message
``service``      `DistributionService`
"""
