"""The national signing service, for the tests of signing in person."""

from gerai.integrations.esign.tests.service import national, service  # noqa: F401
