"""Complémentaire santé solidaire : la démarche, pas à pas."""
