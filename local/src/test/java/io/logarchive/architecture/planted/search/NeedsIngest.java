package io.logarchive.architecture.planted.search;

import io.logarchive.architecture.planted.ingest.NeedsSearch;
import org.jspecify.annotations.Nullable;

public record NeedsIngest(@Nullable NeedsSearch other) {}
