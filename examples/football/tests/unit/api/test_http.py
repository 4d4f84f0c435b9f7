"""Requests, responses and routing."""

from __future__ import annotations

import json

import pytest

from src.api.http import MAX_BODY_BYTES, Request, Response, Router
from src.core.exceptions import DatabaseError, NotFoundError, ValidationError


def payload(response):
    return json.loads(response.body)


@pytest.fixture
def router():
    """A router with an echo, and with handlers that raise."""

    def fail(error):
        def handler(request):
            raise error

        return handler

    router = Router()
    router.add("GET", "/items/{item_id}", lambda request: Response.json(dict(request.params)))
    router.add("POST", "/items/{item_id}", lambda request: Response.json(request.json(), 202))
    router.add("GET", "/missing", fail(NotFoundError("gone")))
    router.add("GET", "/wrong", fail(ValidationError("bad", field="x")))
    router.add("GET", "/down", fail(DatabaseError("locked")))
    router.add("GET", "/bug", fail(ZeroDivisionError("secret detail")))
    return router


def test_target_is_taken_apart():
    request = Request.build("get", "/matches/?league=PL&league=BL&x=a%20b", headers={"X-Token": "t"})
    assert (request.method, request.path) == ("GET", "/matches")
    assert request.query == {"league": "BL", "x": "a b"}
    assert request.headers == {"x-token": "t"}
    assert Request.build("GET", "/").path == "/"


def test_path_parameters_reach_the_handler(router):
    response = router.dispatch(Request.build("GET", "/items/17"))
    assert (response.status, payload(response)) == (200, {"item_id": "17"})
    assert response.reason == "200 OK"


def test_body_reaches_the_handler(router):
    response = router.dispatch(Request.build("POST", "/items/1", body=b'{"a": 1}'))
    assert (response.status, payload(response)) == (202, {"a": 1})


@pytest.mark.parametrize(("body", "message"), [(b"{", "not JSON"), (b"[1]", "JSON object"), (b"", "JSON object")])
def test_body_that_is_no_object_is_the_callers_fault(router, body, message):
    response = router.dispatch(Request.build("POST", "/items/1", body=body))
    assert response.status == 400
    assert message in payload(response)["error"]["message"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/missing", 404, "not_found"),
        ("/wrong", 400, "validation_error"),
        ("/down", 503, "database_error"),
        ("/nowhere", 404, "not_found"),
        ("/items/1/2", 404, "not_found"),
        ("/bug", 500, "internal_error"),
    ],
)
def test_errors_become_answers(router, path, status, code):
    response = router.dispatch(Request.build("GET", path))
    assert (response.status, payload(response)["error"]["code"]) == (status, code)
    assert b"secret" not in response.body


def test_wrong_method_names_the_right_ones(router):
    response = router.dispatch(Request.build("DELETE", "/items/1"))
    assert response.status == 405
    assert payload(response)["error"]["message"] == "allowed: GET, POST"


def test_body_that_is_too_large_is_refused(router):
    response = router.dispatch(Request.build("POST", "/items/1", body=b" " * (MAX_BODY_BYTES + 1)))
    assert response.status == 413
