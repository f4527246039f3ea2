"""How much a landed file may ask of a run. What is above is refused, with the cap named.

They are far above what an export has and far below what harms: a file made to exhaust a machine is refused while it is
being read, before its content takes memory or disk.
"""

MAX_FILE_BYTES = 50_000_000_000
"""Bytes of one file, decompressed."""
MAX_DECOMPRESSION_RATIO = 250
"""How many times its compressed size a file may have. Repetitive event logs reach 50, a gzip bomb 1,000."""
RATIO_COUNTS_FROM_BYTES = 64_000_000
"""Decompressed bytes from which on the ratio is looked at: a small file does no harm, however repetitive."""
MAX_COLUMNS = 2_000
"""Columns of a file."""
MAX_LINE_BYTES = 4_000_000
"""Bytes of one row of text, and of one value in Parquet. A longer one is refused, its neighbours are not."""
