-- What waits for a signature, by the moment from which it waits no more.

CREATE INDEX orders_waiting ON orders (lapses_at) WHERE state = 'waiting';
