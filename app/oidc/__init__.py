"""An OpenID Connect relying party, FranceConnect v2 first: it knows neither the database nor the pages."""
