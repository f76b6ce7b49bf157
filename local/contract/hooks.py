"""What schemathesis is told about the service that it tries, and what it asked of it."""

import atexit
import collections
import json
import os
import re
import time
from pathlib import Path

import schemathesis

SERVICE = {
    name: os.environ["LOGARCHIVE_" + name]
    for name in ("ACCOUNT_ID", "S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY")
}
# Of a container, which a service may be without.
CONTAINER = {
    name: os.environ.get("LOGARCHIVE_AZURE_" + key)
    for name, key in (
        ("tenantId", "TENANT_ID"),
        ("clientId", "CLIENT_ID"),
        ("accountName", "ACCOUNT"),
        ("containerName", "CONTAINER"),
    )
}
CONTAINER_SECRET = os.environ.get("LOGARCHIVE_AZURE_CLIENT_SECRET", "")
CALLS = collections.defaultdict(collections.Counter)
ACCOUNT = "/v1/account-management/time-based-accounts/{id}"
SETTINGS = "/v2/archive/settings"
TOKEN = ACCOUNT + "/tokens/{token}"
GUID = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
KEY = re.compile("[!-~]{1,128}")
SECRET = re.compile("[!-~]{0,1024}")
CONTAINER_NAMES = {
    "accountName": re.compile("[a-z0-9]{3,24}"),
    "containerName": re.compile("(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*"),
}
DAY = 86_400

# The ids of what was made and is still there. The tokens that all this is sent with are not among them.
settings_ids = collections.deque(maxlen=1)
token_ids = collections.deque()


@schemathesis.hook
def filter_body(context, body):
    """Where no container is there, none is named: it would be looked for in Azure itself."""
    if CONTAINER_SECRET or not isinstance(body, dict):
        return True
    settings = (body, body.get("archiveSettings"))
    return not any(isinstance(each, dict) and each.get("azureBlobStorageSettings") for each in settings)


@schemathesis.hook
def filter_case(context, case):
    """On Azure the host answers these without calling any function of ours.

    multipart/* is bytes to it, which no function that takes text is called with: 500. QUERY is no method that a
    trigger can name: 404.
    """
    if os.environ.get("LOGARCHIVE_CLOUD") != "AZURE":
        return True
    content_type = str(dict(case.headers or {}).get("Content-Type", case.media_type or ""))
    return not content_type.startswith("multipart/") and case.method != "QUERY"


@schemathesis.hook
def before_call(context, case, kwargs):
    method, path = case.operation.label.split()
    ids = case.path_parameters
    body = case.body if isinstance(case.body, dict) else {}
    if path.startswith(SETTINGS):
        lead_to_the_storage(body)
        lead_to_the_storage(body.get("archiveSettings"))
    if path == SETTINGS + "/{id}" and is_id(ids["id"]) and settings_ids:
        # Removed once only, since nothing is archived and restored without them.
        if method != "DELETE" or not CALLS[case.operation.label][200]:
            ids["id"] = settings_ids[0]
    if path == "/archive/restore" and body:
        make_a_range(body)
    if "/tokens" in path and is_number(body.get("expiresAt")):
        # To a schema a time to come is a number.
        body["expiresAt"] = int(time.time()) + DAY
    if path == "/v1/audit":
        # The admin token, which this is sent with, has to name an account.
        query = case.query if case.query is not None else {}
        known = query.keys() <= {"accountId", "before"}
        if known and ("accountId" not in query or is_id(query["accountId"])):
            case.query = {**query, "accountId": SERVICE["ACCOUNT_ID"]}
    if path == ACCOUNT and method == "DELETE":
        # Without its account every later call would be a 401.
        if str(ids["id"]) == SERVICE["ACCOUNT_ID"]:
            ids["id"] = 1
    elif path.startswith(ACCOUNT) and is_id(ids["id"]):
        ids["id"] = SERVICE["ACCOUNT_ID"]
    if path.startswith(TOKEN) and is_id(ids["token"]):
        ids["token"] = 1
        if token_ids:
            ids["token"] = token_ids.popleft() if method == "DELETE" else token_ids[-1]


@schemathesis.hook
def after_call(context, case, response):
    label = case.operation.label
    CALLS[label][response.status_code] += 1
    if response.status_code == 200:
        if label == "POST " + SETTINGS:
            settings_ids.append(response.json()["id"])
        if label == "DELETE " + SETTINGS + "/{id}":
            settings_ids.clear()
        if label in ("POST " + ACCOUNT + "/tokens", "POST " + TOKEN + "/rotate"):
            token_ids.append(response.json()["id"])


def is_id(value):
    return str(value).isascii() and str(value).isdecimal() and 0 < int(value) < 1 << 31


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def lead_to_the_storage(settings):
    """Whatever bucket or container was made up is none: the one that is there takes its place."""
    if not isinstance(settings, dict):
        return
    s3 = settings.get("amazonS3StorageSettings")
    if isinstance(s3, dict) and isinstance(s3.get("path"), str) and 3 <= len(s3["path"]) <= 583:
        s3["path"] = SERVICE["S3_BUCKET"]
        keys = s3.get("s3SecretCredentials")
        if isinstance(keys, dict) and matches(KEY, keys.get("accessKey")):
            if keys.get("secretKey") is None or matches(SECRET, keys["secretKey"]):
                keys["accessKey"] = SERVICE["S3_ACCESS_KEY"]
                keys["secretKey"] = SERVICE["S3_SECRET_KEY"]
    blob = settings.get("azureBlobStorageSettings")
    if isinstance(blob, dict):
        secret = blob.get("clientSecret")
        # That it may be left out is told of a secret that is stored.
        if secret is None or matches(SECRET, secret):
            blob["clientSecret"] = CONTAINER_SECRET
        # Which paths are taken is told in words.
        if isinstance(blob.get("path"), str):
            blob["path"] = "logs"
        if all(matches(GUID, blob.get(name)) for name in ("tenantId", "clientId")) and all(
            matches(CONTAINER_NAMES[name], blob.get(name)) for name in CONTAINER_NAMES
        ):
            blob.update(CONTAINER)


def matches(pattern, value):
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def make_a_range(restore):
    """That an end lies behind its start, and at most a day, is no matter of types."""
    times = [restore.get("startTime"), restore.get("endTime")]
    if all(is_number(moment) for moment in times) and all(
        0 <= moment <= 253402300799999 for moment in times
    ):
        start = min(*times, 253402214399999)
        restore["startTime"] = start
        restore["endTime"] = start + (3600 if start < 1e11 else 3600_000)


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return json.dumps({"message": value} if isinstance(value, str) else []).encode()


@atexit.register
def report():
    Path(os.environ["LOGARCHIVE_CALLS"]).write_text(json.dumps(CALLS, indent=1, sort_keys=True))
