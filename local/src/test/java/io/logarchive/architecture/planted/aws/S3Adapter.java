package io.logarchive.architecture.planted.aws;

import io.logarchive.architecture.planted.opensearch.OpenSearchAdapter;
import org.jspecify.annotations.Nullable;

public record S3Adapter(@Nullable OpenSearchAdapter other) {}
