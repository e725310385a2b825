"""The demonstration's first page, and what is offered there: certificates, clerks' links, the clock."""
