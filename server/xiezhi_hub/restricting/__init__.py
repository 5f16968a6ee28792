"""Restricting who reads matters that have ended (限制查阅, ADR 0018)."""
