"""Addresses: one form for one page, and none that shows a key."""
