"""Tradyn as `tradyn serve` runs it, but for the log of requests, which is not written.

python -m bench.side_by_side.quiet_server PORT FOLDER RATE_LIMIT
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import uvloop

from tradyn import garbage, http_server
from tradyn.app import open_server
from tradyn.config import Settings


async def _serve(settings: Settings) -> None:
    with http_server.bind_socket(settings.host, settings.port) as listening:
        async with open_server(settings, on_answer=lambda _: None) as server:
            await http_server.serve(
                server.app,
                listening,
                ready=garbage.begin_to_collect,
                failed=server.failed,
                health_paths=server.health_paths,
                prompt=server.prompt_paths,
            )


def main() -> None:
    """Serve until told to stop."""
    garbage.collect_nothing()
    port, folder, rate_limit = sys.argv[1:]
    settings = Settings(port=int(port), data_dir=Path(folder), rate_limit=int(rate_limit))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings))


if __name__ == "__main__":
    main()
