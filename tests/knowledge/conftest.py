"""Dictionaries are loaded before the first test, so that none of them is blamed for it."""

from pathlib import Path

import pytest

from knowledge import chinese, entries
from knowledge.entries import Reading
from knowledge.matcher import KnowledgeBase

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", autouse=True)
def _warm() -> None:
    chinese.warm()


@pytest.fixture(scope="session")
def shop() -> Reading:
    """The knowledge that comes with the program."""
    return entries.read((ROOT / "faq.yaml").read_text("utf-8"), file="faq.yaml")


@pytest.fixture(scope="session")
def kb(shop: Reading) -> KnowledgeBase:
    return KnowledgeBase(shop.entries, dictionary=shop.dictionary, synonyms=shop.synonyms)
