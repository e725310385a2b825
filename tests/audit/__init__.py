"""The audit log: its arithmetic, its writing beside what it records, and finding what was tampered with."""
