"""What every process is laid on: foundation, senders, keys, and the tasks that run beside requests."""
