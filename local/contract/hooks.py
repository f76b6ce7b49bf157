"""What schemathesis is told about the service that it tries, and what it asked of it."""

import atexit
import collections
import json
import os
from pathlib import Path

import schemathesis

SERVICE = {
    name: os.environ["LOGARCHIVE_" + name]
    for name in ("ACCOUNT_ID", "S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY")
}
CALLS = collections.defaultdict(collections.Counter)


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = case.operation.label
    if operation.startswith("POST /v2/archive/settings") and isinstance(case.body, dict):
        lead_to_the_bucket(case.body)
        lead_to_the_bucket(case.body.get("archiveSettings"))
    if operation == "POST /archive/restore" and isinstance(case.body, dict):
        make_a_range(case.body)
    if operation == "GET /v1/account-management/time-based-accounts/{id}" and str(case.path_parameters["id"]).isdecimal():
        case.path_parameters["id"] = SERVICE["ACCOUNT_ID"]
    if operation.startswith("DELETE /v1/account-management/") and str(case.path_parameters.get("id")) == SERVICE["ACCOUNT_ID"]:
        # Without its account every later call would be a 401.
        case.path_parameters["id"] = 1


def lead_to_the_bucket(settings):
    """Whatever bucket was made up is none: the one that is there takes its place, with its key."""
    s3 = settings.get("amazonS3StorageSettings") if isinstance(settings, dict) else None
    keys = s3.get("s3SecretCredentials") if isinstance(s3, dict) else None
    if isinstance(keys, dict) and all(isinstance(value, str) for value in (s3.get("path"), *keys.values())):
        s3["path"] = SERVICE["S3_BUCKET"]
        keys["accessKey"] = SERVICE["S3_ACCESS_KEY"]
        keys["secretKey"] = SERVICE["S3_SECRET_KEY"]


def make_a_range(restore):
    """That an end lies behind its start, and at most a day, is no matter of types."""
    times = [restore.get("startTime"), restore.get("endTime")]
    if all(isinstance(time, (int, float)) and not isinstance(time, bool) for time in times) and all(
        0 <= time <= 253402300799999 for time in times
    ):
        start = min(*times, 253402214399999)
        restore["startTime"] = start
        restore["endTime"] = start + (3600 if start < 1e11 else 3600_000)


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return json.dumps({"message": value} if isinstance(value, str) else []).encode()


@schemathesis.hook
def after_call(context, case, response):
    CALLS[case.operation.label][response.status_code] += 1


@atexit.register
def report():
    Path(os.environ["LOGARCHIVE_CALLS"]).write_text(json.dumps(CALLS, indent=1, sort_keys=True))
