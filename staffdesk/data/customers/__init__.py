"""The protected repositories: customer rows leave through the gateway and the services pyproject.toml names."""
