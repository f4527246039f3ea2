"""The verbs of a run.

Module `c360.steps.<verb>` holds the function `<verb>(run, *what)`; the CLI and the DAGs call these and nothing else.
"""
