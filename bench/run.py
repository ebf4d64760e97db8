"""Runs the benchmarks: every file beside this one that has a `main`, or those that are named.

    make bench                  all of them
    make bench ARGS="export"    one

Each builds its own rows in a scratch database (that of DATABASE_URL's server, or SQLite in memory), measures ours and
a floor in the same run, and prints the ratio: figures of another machine mean nothing, ratios do.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
# Not benchmarks themselves.
PARTS = {"__init__", "run", "scratch", "cpu", "crowd", "stock"}


def main() -> int:
    """Run one after the other, each in a process of its own; exit status 1 when one of them says so."""
    known = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in PARTS)
    wanted = sys.argv[1:] or known
    unknown = set(wanted) - set(known)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PYTHONPATH": str(HERE.parent),
    }
    status = 0
    for name in wanted:
        print(f"== {name}", flush=True)
        command = [sys.executable, str(HERE / f"{name}.py")]
        status |= subprocess.run(command, cwd=HERE.parent, env=environment, check=False).returncode  # noqa: S603 -- our own file
    return 1 if status else 0


if __name__ == "__main__":
    sys.exit(main())
