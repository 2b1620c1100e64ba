"""Speed and memory of the product, as ratios within one run: ``python -m bench``."""
