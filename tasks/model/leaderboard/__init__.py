"""The leaderboard: models by tasks, with bars, intervals and tiers; one page that needs no network.

Published results stand apart and are marked as such: they were measured by others, on the published test sets.
"""
