"""Matters of every kind: the ladder and its side paths, lists, looks, timelines, watching.

Acting
    ``checks``     what may be entered in an action
    ``reporting``  what a receiver reports; ``outcome_content`` is what outcomes must say, act by act
    ``actions``    each action as work for the writer; ``requests`` takes the one that a request asks for
    ``remedies``   the remedies: which request makes which events; ``remedy_facts`` reads their facts,
                   ``remedy_work`` makes the work, ``remedy_methods`` serves them
    ``parts``      parts of the bodies of actions
    ``bulk``       one action on many matters
    ``offers``     what a reader may do now, and why not

Reading
    ``summaries``  rows of lists as messages
    ``timelines``  events as lines for people; ``fact_words`` says their facts
    ``matters``    one matter with everything around it
    ``looking``    looks at a matter: found, recorded, masked
    ``watching``   changes as they come
    ``returned``   what the hub refused

``service``        `InstructionService`
"""
