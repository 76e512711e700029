"""How people sign in: as demo users on this machine, or with the council's own sign-in by OpenID Connect."""
