"""Who a bank's customers are: our own table, a view of another database, or a directory over HTTP."""
