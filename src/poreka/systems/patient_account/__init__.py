"""The patient account: entered through providers, with the records that the health service keeps (K1–K4)."""
