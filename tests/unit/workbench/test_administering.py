"""系统管理: who is offered it, and the passwords that belong to requests."""

from xiezhi_domain.terms import Role
from xiezhi_workbench.administering import HERE, ROLES, password_of, tabs
from xiezhi_workbench.menu import MENU

TWELVE = 12


def test_the_menu_leads_there_whoever_is_offered_a_page() -> None:
    [entry] = [entry for entry in MENU if entry.path == HERE]
    assert entry.roles == ROLES


def test_the_administrator_is_not_offered_the_record_of_looks() -> None:
    paths = {tab.path for tab in tabs([Role.ADMINISTRATOR], is_hub=False)}
    assert f"{HERE}/accounts" in paths
    assert f"{HERE}/looks" not in paths


def test_a_form_that_is_sent_twice_has_one_password() -> None:
    assert password_of("a") == password_of("a")
    assert password_of("a") != password_of("b")
    assert len(password_of("a")) >= TWELVE
