"""Checking sealed files anywhere: a report, the proof of a record, the evidence beside them.

Nothing here needs Django or a database; ``archive`` makes one file of it that Python alone runs.
"""
