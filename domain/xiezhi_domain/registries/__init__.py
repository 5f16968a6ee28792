"""The registries of local authorities: their categories as data, and which connector serves which category where."""

from xiezhi_domain.registries.categories import Category, read_categories, shipped_categories
from xiezhi_domain.registries.routes import Route, route_of

__all__ = ["Category", "Route", "read_categories", "route_of", "shipped_categories"]
