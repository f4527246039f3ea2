"""Models: what each learns from, how it is tested on later time, and the artifacts it leaves for scoring."""
