"""Fuzzing: the readers of files get bytes that nobody would think of, and have to answer with a `DataError`."""
