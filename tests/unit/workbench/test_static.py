"""What browsers load: ours, or as its package has it; nothing that an old engine or a strict policy would refuse."""

import gzip
import hashlib
import re
import tomllib

import pytest

from xiezhi_workbench.rendering import HERE, STATIC_FILES, static

VENDOR = STATIC_FILES / "vendor"
PACKAGES = tomllib.loads((VENDOR / "vendor.toml").read_text("utf-8"))["package"]
TEMPLATES = sorted((HERE / "templates").rglob("*.html"))
STYLES = sorted(STATIC_FILES.rglob("*.css"))
# What Chromium 86 does not know: a rule with it is left out whole.
TOO_NEW = ("oklch(", "oklab(", "color-mix(", ":has(", "light-dark(", "@layer", "@container", "dvh")
FIRST_VIEW = 300 * 1024


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_files_of_others_are_unchanged_and_licensed(package: dict[str, object]) -> None:
    folder = VENDOR / f"{package['name']}-{package['version']}"
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    digests = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    assert digests == package["files"]
    assert "LICENSE" in files


def test_every_file_of_others_is_listed() -> None:
    folders = {path.name for path in VENDOR.iterdir() if path.is_dir()}
    assert folders == {f"{package['name']}-{package['version']}" for package in PACKAGES}


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_styles_are_for_old_engines_too(style: object) -> None:
    text = style.read_text("utf-8")
    assert not [word for word in TOO_NEW if word in text]
    assert not re.findall(r"url\(\s*['\"]?(?:https?:)?//", text)
    assert "@import" not in text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_templates_have_nothing_inline_and_nothing_from_elsewhere(template: object) -> None:
    text = template.read_text("utf-8")
    assert not re.findall(r"\son[a-z]+\s*=|\sstyle\s*=|<style|javascript:|hx-on", text)
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", text)
    assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert "| safe" not in text
    assert "|safe" not in text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_form_that_changes_something_carries_the_token(template: object) -> None:
    text = template.read_text("utf-8")
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.DOTALL):
        carries = 'name="csrf"' in form or "hidden(page" in form or "csrf(page" in form
        assert carries or 'action="/sign-in"' in form


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_icons_and_files_of_templates_are_there(template: object) -> None:
    text = template.read_text("utf-8")
    icons = set(re.findall(r'<symbol id="([^"]+)"', (STATIC_FILES / "icons.svg").read_text("utf-8")))
    assert set(re.findall(r'\{\{ icon\("([^"]+)"\)', text)) <= icons
    for name in re.findall(r"static\('([^']+)'\)", text):
        assert static(name).startswith(f"/static/{name}?v=")


def test_the_first_view_is_small() -> None:
    base = (HERE / "templates" / "base.html").read_text("utf-8")
    files = [*re.findall(r"static\('([^']+)'\)", base), "icons.svg"]
    assert sum(len(gzip.compress((STATIC_FILES / name).read_bytes())) for name in files) < FIRST_VIEW
