"""Facts about people: who they are, how they are named and reached, when two records are one person."""
