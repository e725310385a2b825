"""Serving a system over HTTP: the server, its workers, how a process ends, and where its log lines go."""
