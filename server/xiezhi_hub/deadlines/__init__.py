"""Deadlines at the hub: the scheduler that climbs the ladder, calendars and outages, and who may see what."""
