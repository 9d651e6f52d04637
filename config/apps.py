"""Puts the secretariat's site in the place of Django's default administration."""

from importlib import import_module

from django.contrib.admin.apps import SimpleAdminConfig


class SecretariatAdminConfig(SimpleAdminConfig):
    default_site = "council.admin.site.SecretariatSite"

    def ready(self) -> None:
        """Load our pages; discovery by name would find the package before the site in it is there."""
        super().ready()
        import_module("council.admin.pages")
