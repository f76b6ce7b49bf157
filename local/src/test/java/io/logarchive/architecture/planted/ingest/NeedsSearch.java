package io.logarchive.architecture.planted.ingest;

import io.logarchive.architecture.planted.search.NeedsIngest;

public record NeedsSearch(NeedsIngest other) {}
