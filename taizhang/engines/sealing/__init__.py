"""Fixing a report and the history so that every later change is found and named.

``canonical`` writes values as bytes, ``merkle`` hashes many of them to one, ``signatures`` checks
who signed it; ``frozen`` and ``journal`` are the two formats that rest on these.
"""
