"""Behind the sign-in: the home page, "my finances" and the settings, as far as a demonstration bank has them.

`home` shows them all. The services to enter are `flows/enter_service`, the consents `flows/consents`.
"""
