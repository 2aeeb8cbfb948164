"""Where the checkout and its miniatures lie."""

from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
DEMO = CHECKOUT / "demo"
