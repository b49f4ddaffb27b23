"""Prompts that a host offers to its user: short working plans that name the tools and where a person must agree."""

from . import plans
from .plan import PROMPTS, Plan

__all__ = ["PROMPTS", "Plan", "plans"]
