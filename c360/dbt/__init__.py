"""How dbt is run: the process it runs in, and what its results say without the values they quote."""
