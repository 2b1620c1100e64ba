"""Taizhang 台账: record once; every figure opens."""

__version__ = "0.1.0"
