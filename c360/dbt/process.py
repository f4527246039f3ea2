"""The process in which dbt runs: `python -m c360.dbt.process build ...` is `dbt build ...`, started faster.

Most of dbt's start is importing it, which makes hundreds of thousands of objects that live until the end. Not looking
for garbage among them took a layer from 8.5 to 6.6 seconds (two cores, 33 nodes) in the same memory.
"""

import gc
import os
import sys
import threading

END_WITH_PARENT = "C360_DBT_ENDS_WITH_PARENT"
"""Set when standard input is a pipe held by the step: when the step is killed the pipe closes, and dbt must not go on
holding the warehouse file without it."""


def main() -> None:
    """Run dbt with this process's arguments."""
    gc.disable()
    if os.environ.get(END_WITH_PARENT):
        threading.Thread(target=_end_with_parent, daemon=True).start()
    from dbt.cli.main import cli

    cli()


def _end_with_parent() -> None:
    # Not sys.stdin.read(): Python aborts when it ends while a thread holds that object's lock.
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    main()
