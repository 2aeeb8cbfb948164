"""What a release must be like: suites of rules as data, the expected counts, and how the pages look."""

from pathlib import Path

FOLDER = Path(__file__).parent
