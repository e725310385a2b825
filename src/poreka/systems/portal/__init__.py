"""The social-insurance portal: entry through providers, profiles, orders, and the insurance register."""
