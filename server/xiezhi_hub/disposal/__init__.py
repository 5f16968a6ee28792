"""The superior's decision on a handover (法释〔2016〕6号 第4条): drafted, approved by somebody else, issued, binding.

``drafts``   drafts as rows
``orders``   what may be drafted
``offers``   what who looks at a draft may do with it
``reading``  drafts and the record of a handover as the contract shows them
``issue``    an approved draft as an event of the hub's own court
``service``  the calls
"""
