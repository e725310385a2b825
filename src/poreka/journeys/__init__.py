"""In which order: tables of steps, and one small engine that reads them.

A journey's state is stored; the next step is the first whose condition does not hold yet, decided from that
state and never from the page that called. Pure, like `rules`, which decide each single question. Personal
data stay out of the states: they live in the store, encrypted.

`release`: at the provider. `entry`: at the portal, through a provider. `untrusted_registration` and
`forgotten_password`: at the portal, without one.
"""
