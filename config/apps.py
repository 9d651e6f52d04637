"""Puts the secretariat's site in the place of Django's default administration."""

from django.contrib.admin.apps import AdminConfig


class SecretariatAdminConfig(AdminConfig):
    default_site = "council.admin.site.SecretariatSite"
