package io.logarchive.architecture.planted.archive;

import io.logarchive.architecture.planted.aws.S3Adapter;

record CallsAnAdapter(S3Adapter adapter) {}
