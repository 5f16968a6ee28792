"""Leave, substitution, and the hand-over of what a leaving person owns (practice.md §15).

``store``     rows of leaves, and for whom somebody stands in today
``enter``     what may be entered as a leave
``owned``     the open matters that a person owns
``handover``  giving them to a successor
``service``   `LeaveService`
"""
