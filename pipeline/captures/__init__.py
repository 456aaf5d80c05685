"""Captures: what is due, fetched politely over the web or read from a folder, and kept in a WARC archive."""
