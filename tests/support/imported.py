"""What takes seconds to import: the process that has it is copied for each run of `medinst`."""

from flows.quiet import quiet

quiet()

import great_expectations  # noqa: E402, F401

import flows.build  # noqa: E402
import flows.commands.build  # noqa: E402, F401
import tasks.build.report  # noqa: E402, F401
