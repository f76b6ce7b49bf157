package io.logarchive.architecture.planted.azure;

import io.logarchive.architecture.planted.aws.S3Adapter;

public record BlobAdapter(S3Adapter other) {}
