"""Validators of deployment and supply chain that take more than one tool's command: `make validate`, `make sbom`."""
