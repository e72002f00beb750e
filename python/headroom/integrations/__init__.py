"""Headroom in agent frameworks, a module each. Importing one needs its framework and no other."""
