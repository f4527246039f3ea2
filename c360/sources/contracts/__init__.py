"""Contracts: what a source promises, read and checked, and the vocabulary its feeds speak."""
