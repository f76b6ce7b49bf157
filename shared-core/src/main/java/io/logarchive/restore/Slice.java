package io.logarchive.restore;

import java.util.List;

/** The objects that are restored in one go, in time order. */
record Slice(List<PlannedObject> objects) {
  Slice {
    objects = List.copyOf(objects);
  }
}
