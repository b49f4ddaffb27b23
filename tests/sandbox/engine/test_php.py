"""The form grammar of PHP, by itself."""

from __future__ import annotations

import contextlib

import pytest
from bitrix24_commerce.sandbox import php
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {}),
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("a=1&a=2", {"a": "2"}),
        ("a", {"a": ""}),
        ("a[]=1&a[]=2", {"a": ["1", "2"]}),
        ("a[0]=1&a[1]=2", {"a": ["1", "2"]}),
        ("a[1]=1", {"a": {"1": "1"}}),
        ("a[5]=1&a[]=2", {"a": {"5": "1", "6": "2"}}),
        ("a[07]=1", {"a": {"07": "1"}}),
        ("filter[%3DownerType]=D&filter[%40id][0]=5", {"filter": {"=ownerType": "D", "@id": ["5"]}}),
        ("a[b][c][d]=1", {"a": {"b": {"c": {"d": "1"}}}}),
        ("a=1&a[b]=2", {"a": {"b": "2"}}),
        ("a[b]=1&a=2", {"a": "2"}),
        ("a.b=1&c d=2", {"a_b": "1", "c_d": "2"}),
        ("name=a+b%2Bc", {"name": "a b+c"}),
        ("[a]=1&=2", {}),
        ("a[b]c=1", {"a": {"b": "1"}}),
    ],
)
def test_reads_as_php_does(query: str, expected: object):
    assert php.decode(query) == expected


def test_depth_has_a_bound():
    assert php.decode("a" + "[a]" * php.MAX_DEPTH + "=1")
    with pytest.raises(php.Malformed):
        php.decode("a" + "[a]" * (php.MAX_DEPTH + 1) + "=1")


@given(st.text(alphabet="ab01[]=&%.+ \u00ff", max_size=60))
def test_anything_is_read_or_malformed(query: str):
    with contextlib.suppress(php.Malformed):
        assert all(isinstance(name, str) for name in php.decode(query))
