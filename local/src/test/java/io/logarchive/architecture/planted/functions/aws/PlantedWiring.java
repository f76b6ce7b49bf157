package io.logarchive.architecture.planted.functions.aws;

import io.logarchive.architecture.planted.aws.S3Adapter;
import java.time.InstantSource;

/** No violation: a wiring may do all that the others may not. */
record PlantedWiring(S3Adapter adapter, InstantSource clock) {
  PlantedWiring(S3Adapter adapter) {
    this(adapter, InstantSource.system());
  }
}
