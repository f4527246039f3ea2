"""`python -m c360` is `c360`."""

from c360.cli import main

main()
