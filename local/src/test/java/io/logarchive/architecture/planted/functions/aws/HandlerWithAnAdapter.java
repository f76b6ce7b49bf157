package io.logarchive.architecture.planted.functions.aws;

import io.logarchive.architecture.planted.aws.S3Adapter;

record HandlerWithAnAdapter(S3Adapter adapter) {}
