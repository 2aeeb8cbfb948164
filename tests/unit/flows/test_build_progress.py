"""The progress of a build in Prefect's UI."""

from flows.progress import Steps


def test_each_step_counts_once_and_words_name_the_phases() -> None:
    shown: list[tuple[float, str]] = []
    steps = Steps(
        lambda percent, words: shown.append((percent, words)), {"fetch": 2, "read": 1, "index": 0}, ("judge",)
    )
    for verb in ("fetch", "fetch", "fetch", "read", "elsewhere", "judge"):
        steps.done(verb)
    assert shown[0] == (25.0, "fetch 1 of 2 · read 0 of 1 · judge 0 of 1")
    assert shown[2] == shown[1], "more than there are does not count"
    assert shown[-1] == (100.0, "fetch 2 of 2 · read 1 of 1 · judge 1 of 1")


def test_a_build_with_nothing_to_do_is_done() -> None:
    shown: list[float] = []
    Steps(lambda percent, _: shown.append(percent), {}, ()).done("judge")
    assert shown == [100.0]
