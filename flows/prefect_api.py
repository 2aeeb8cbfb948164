"""Prefect's API on a socket that is open already; `flows.server` starts this in a process of its own."""

import socket
import sys

import uvicorn

if __name__ == "__main__":
    config = uvicorn.Config(
        "prefect.server.api.server:create_app",
        factory=True,
        log_level="error",
        lifespan="on",
        timeout_graceful_shutdown=1,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
