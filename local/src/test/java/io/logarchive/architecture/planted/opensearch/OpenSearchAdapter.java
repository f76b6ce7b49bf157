package io.logarchive.architecture.planted.opensearch;

import io.logarchive.architecture.planted.aws.S3Adapter;

public record OpenSearchAdapter(S3Adapter other) {}
