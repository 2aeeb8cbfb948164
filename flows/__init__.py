"""Flows and commands: what runs, in which order. No logic."""

import os

from tasks.base.network.loopback import exempt_loopback

exempt_loopback(os.environ)  # before anything asks Prefect's server, and for all processes that are started
