"""Releases on the Hugging Face Hub: one dataset repository, one commit and one tag for each version."""

from tasks.build.hub.address import HubDataset, hub_dataset, is_hub
from tasks.build.hub.release import release_of
from tasks.build.hub.sending import look, send

__all__ = ["HubDataset", "hub_dataset", "is_hub", "look", "release_of", "send"]
