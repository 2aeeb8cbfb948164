"""The pages of a root on this machine: `medinst serve` starts it, and `python -m flows.reports` alone.

What `tasks/tools/reports` knows as pages is served and nothing else; the list of them is at `/`.
"""

from argparse import ArgumentParser

import uvicorn

from schemas.settings import Settings
from tasks.base.store.root import Root
from tasks.tools.reports.site import site

HOST = "127.0.0.1"
PORT = 4201


def main() -> None:
    """Serve the pages of `MEDINST_ROOT` until the process is told to end."""
    options = ArgumentParser(prog="python -m flows.reports", description=main.__doc__)
    options.add_argument("--host", default=HOST, help="address to listen on (default: %(default)s)")
    options.add_argument("--port", type=int, default=PORT, help="port to listen on (default: %(default)s)")
    given, settings = options.parse_args(), Settings()
    served = site(Root(settings.root), settings.reports_url)
    uvicorn.run(served, host=given.host, port=given.port, log_level="warning", server_header=False)


if __name__ == "__main__":
    main()
