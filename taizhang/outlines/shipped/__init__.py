"""Outlines as the product ships them, one TOML file each."""
