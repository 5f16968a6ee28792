"""The registries of local authorities: their categories as data, and which connector serves which category where."""

from xiezhi_domain.registries.categories import AskedAbout, Category, read_categories, shipped_categories
from xiezhi_domain.registries.controls import CONTROLS, ON_PERSONS
from xiezhi_domain.registries.obligors import OBLIGORS, OBLIGORS_SOURCE, require_obligor
from xiezhi_domain.registries.routes import Route, route_of

__all__ = [
    "CONTROLS",
    "OBLIGORS",
    "OBLIGORS_SOURCE",
    "ON_PERSONS",
    "AskedAbout",
    "Category",
    "Route",
    "read_categories",
    "require_obligor",
    "route_of",
    "shipped_categories",
]
