"""The trusted profile: a provider whose people have profiles, made through providers that it relies on."""
