"""Django as WSGI, twice: the pages with every middleware, and the public API with the short chain."""

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

django.setup(set_prefix=False)


class ApiHandler(WSGIHandler):
    """Django with `API_MIDDLEWARE` instead of `MIDDLEWARE`."""

    def load_middleware(self, is_async: bool = False) -> None:
        """Build the chain from the short list; the setting is put back at once."""
        full = settings.MIDDLEWARE
        settings.MIDDLEWARE = settings.API_MIDDLEWARE
        try:
            super().load_middleware(is_async)
        finally:
            settings.MIDDLEWARE = full


application = WSGIHandler()
api = ApiHandler()
