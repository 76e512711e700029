"""docker-compose.yml without a container engine: its commands, environment, secrets and order, as processes here."""
