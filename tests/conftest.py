"""What all tests share."""

import os
import sys

import absl.logging
import pytest
from hypothesis import settings

pytest.register_assert_rewrite("tests.support")
pytest_plugins = ["tests.support.cost"]

# absl (which mlcroissant and rouge-score bring) logs to the standard error of the moment when it is imported, which is
# pytest's capture, and closes it when Prefect sets up logging anew. The process's own is never closed.
absl.logging.get_absl_handler().python_handler.stream = sys.__stderr__

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
"""Each run tries the same examples, so that a change fails for what it did; `search` draws new ones."""
