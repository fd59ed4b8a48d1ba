"""Pages of the front door and of the information desk."""
