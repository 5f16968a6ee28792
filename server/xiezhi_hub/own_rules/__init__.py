"""Rules that courts propose for themselves (本地要求): taken from their nodes, published at once or by consent.

``deciding``  work for the writer
``service``   `OwnRulesService`
"""
