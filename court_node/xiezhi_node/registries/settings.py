"""Which registries this court can reach: one TOML file, checked as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xiezhi_domain.plain_values import read_toml
from xiezhi_domain.registries import Category, Route, read_categories, route_of, shipped_categories
from xiezhi_wire.startup import StartupError
from xiezhi_wire.tls import ClientMaterial

Digits = Annotated[str, Field(pattern=r"^\d{0,6}$")]


class ConnectorTable(BaseModel):
    """One `[[connector]]`: where it is, how both ends know each other, what it serves."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=100)
    address: str = Field(pattern=r"^.+:\d{1,5}$")
    authority: Path
    certificate: Path
    key: Path
    token_file: Path | None = None
    categories: tuple[str, ...] = ()
    regions: tuple[Digits, ...] = ()
    controls: bool = False
    watch: bool = False
    at_once: int = Field(4, gt=0, le=64)
    control_timeout_s: float = Field(60.0, gt=0, le=600)

    @property
    def material(self) -> ClientMaterial:
        """What the node shows and trusts."""
        return ClientMaterial(self.authority, self.certificate, self.key)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    region: Digits = ""
    connector: tuple[ConnectorTable, ...] = ()
    category: dict[str, dict[str, Any]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RegistrySettings:
    """The court's own region, its connectors by name, the categories by code."""

    region: str = ""
    connectors: Mapping[str, ConnectorTable] = field(default_factory=dict)
    categories: Mapping[str, Category] = field(default_factory=shipped_categories)

    def connector_for(self, category: str, region: str) -> str:
        """Return the name of the connector to ask; empty if none serves the category there."""
        return self._route(self.connectors.values(), category, region)

    def controller_for(self, category: str, region: str) -> str:
        """Return the name of the connector that acts; empty if none does."""
        return self._route((each for each in self.connectors.values() if each.controls), category, region)

    def watcher_for(self, region: str) -> str:
        """Return the name of the connector that puts persons under watch; empty if none does."""
        watching = (each for each in self.connectors.values() if each.watch)
        return route_of((Route(each.name, frozenset(), each.regions) for each in watching), "", region)

    def _route(self, tables: Any, category: str, region: str) -> str:
        routes = (Route(each.name, frozenset(each.categories), each.regions) for each in tables)
        return route_of(routes, category, region)


def load_registries(path: Path | None) -> RegistrySettings:
    """Return the registries of *path*; without one, the categories that ship and no connector.

    :raises StartupError: it cannot be read, or a key is unknown, missing or wrong.
    """
    if path is None:
        return RegistrySettings()
    try:
        file = _File(**read_toml(path.read_text(encoding="utf-8")))
        categories = read_categories(file.category)
    except OSError as error:
        raise StartupError(f"登记机构配置文件 {path} 无法读取：{error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise StartupError(f"登记机构配置文件 {path} 的 {place} 有误：{first['msg']}") from None
    except ValueError as error:
        raise StartupError(f"登记机构配置文件 {path} 有误：{error}") from error
    return RegistrySettings(file.region, _by_name(file.connector, categories, path), categories)


def _by_name(
    tables: tuple[ConnectorTable, ...], categories: Mapping[str, Category], path: Path
) -> dict[str, ConnectorTable]:
    found: dict[str, ConnectorTable] = {}
    for table in tables:
        if table.name in found:
            raise StartupError(f"登记机构配置文件 {path} 中有两个名为 {table.name} 的接口")
        if unknown := set(table.categories) - categories.keys():
            raise StartupError(
                f"登记机构配置文件 {path}：{table.name} 列有未知的类别 {'、'.join(sorted(unknown))}"
            )
        found[table.name] = table
    return found
