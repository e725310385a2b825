"""The demonstration's first page: what this is, who there is, what to try; and its people as JSON.

The people come from `presets/people.toml`.
"""
