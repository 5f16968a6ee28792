"""The rules that this court proposes for itself (本地要求): stored, told to the hub, followed until it has decided.

``service``  `OwnRulesService`
``telling``  what is told to the hub, and what it answers
"""
