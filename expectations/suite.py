"""Running rules as a suite of Great Expectations. Importing this module takes seconds."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import great_expectations as gx
import pandas as pd
from great_expectations.core import ExpectationValidationResult, RunIdentifier
from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult
from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)
from great_expectations.expectations.core.expect_column_values_to_be_between import (
    ExpectColumnValuesToBeBetween,
)
from great_expectations.expectations.metadata_types import FailureSeverity

from expectations.rule import Rule

SUBJECT = "subject"
"""Column that names a row for people."""

RUN = RunIdentifier(run_name="release", run_time=datetime(2000, 1, 1, tzinfo=UTC))
"""The run has no time of its own: equal profiles must give equal bytes whenever they are judged."""


class Outcome(NamedTuple):
    """What became of one rule: the subjects that break it, or why it could not be checked at all."""

    rule: Rule
    failed: tuple[str, ...]
    broken: str


def new_context() -> EphemeralDataContext:
    """A context in memory that reports nothing to anybody and draws no progress bars."""
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    context.data_sources.add_pandas("medinst")
    return context


def run(context: EphemeralDataContext, name: str, rules: Sequence[Rule], frame: pd.DataFrame) -> list[Outcome]:
    """Judge a table of measures by rules, and keep suite and results in the context for its Data Docs."""
    suite = gx.ExpectationSuite(name=name)
    for number, rule in enumerate(rules):
        suite.add_expectation(_expectation(number, rule))
    asset: Any = context.data_sources.get("medinst").add_dataframe_asset(name)
    batch = asset.add_batch_definition_whole_dataframe(name).get_batch({"dataframe": frame})
    results = batch.validate(
        suite,
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": [SUBJECT],
            "return_unexpected_index_query": False,
        },
    )
    results.results.sort(key=_number)
    outcomes = [_outcome(rules[_number(result)], result) for result in results.results]
    _store(context, suite, results)
    return outcomes


def _expectation(number: int, rule: Rule) -> ExpectColumnValuesToBeBetween:
    return ExpectColumnValuesToBeBetween(
        column=rule.measure,
        min_value=rule.at_least,
        max_value=rule.at_most,
        severity=FailureSeverity(rule.severity),
        description=f"{rule.severity}: {rule.expected}.",
        meta={"rule": number},
    )


def _number(result: ExpectationValidationResult) -> int:
    """The place of the rule in its suite; Great Expectations gives results in another order."""
    assert result.expectation_config
    assert result.expectation_config.meta
    return result.expectation_config.meta["rule"]


def _outcome(rule: Rule, result: ExpectationValidationResult) -> Outcome:
    if broken := _exception(result.exception_info):
        # The traceback would show the folders of this machine on the pages.
        result.exception_info = {
            "raised_exception": True,
            "exception_message": broken,
            "exception_traceback": "",
        }
        return Outcome(rule, (), broken)
    if result.success:
        return Outcome(rule, (), "")
    failed = tuple(row[SUBJECT] for row in result.result.get("unexpected_index_list") or ())
    return Outcome(rule, failed, "" if failed else "the check failed and names no row")


def _exception(info: dict[str, Any]) -> str:
    """The messages of what was raised; Great Expectations gives one flat exception, or one a metric."""
    raised = [info] if "raised_exception" in info else info.values()
    return "; ".join(sorted({str(one["exception_message"]) for one in raised if one["raised_exception"]}))


def _store(
    context: EphemeralDataContext, suite: gx.ExpectationSuite, results: ExpectationSuiteValidationResult
) -> None:
    """Keep what the pages show: no time of loading, and no time of the run, whose zone is the machine's."""
    named: Any = {"run_id": RUN.run_name, "batch_spec": {"data_asset_name": f"profiles of {suite.name}"}}
    results.meta = {"great_expectations_version": gx.__version__, **named}
    context.suites.add(suite)
    key = ValidationResultIdentifier(ExpectationSuiteIdentifier(suite.name), RUN, batch_identifier=suite.name)
    context.validation_results_store.set(key, results)
