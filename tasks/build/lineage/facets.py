"""Facets of OpenLineage: each a small object that names the schema it follows."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

EVENT = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
_SPEC = "https://openlineage.io/spec/facets"
_SCHEMAS = {
    "version": ("1-0-0", "DatasetVersionDatasetFacet"),
    "dataQualityAssertions": ("1-0-0", "DataQualityAssertionsDatasetFacet"),
    "dataQualityMetrics": ("1-0-0", "DataQualityMetricsDatasetFacet"),
    "outputStatistics": ("1-0-2", "OutputStatisticsOutputDatasetFacet"),
    "errorMessage": ("1-0-0", "ErrorMessageRunFacet"),
    "jobType": ("2-0-4", "JobTypeJobFacet"),
}

Facets = dict[str, dict[str, Any]]


def producer() -> str:
    """The URI that tells who made an event: this program and its version."""
    return f"urn:medinst:{version('medinst')}"


def facets(said: Mapping[str, Mapping[str, Any]]) -> Facets:
    """Facets by name, each with its producer and schema."""
    return {name: {"_producer": producer(), "_schemaURL": _schema(name), **fields} for name, fields in said.items()}


def _schema(name: str) -> str:
    number, kind = _SCHEMAS[name]
    return f"{_SPEC}/{number}/{kind}.json#/$defs/{kind}"
