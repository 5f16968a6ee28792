"""The acts of `story_remedies`; each has `async def play(players)`, which gives the matters that it was about."""
