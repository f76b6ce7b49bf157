package io.logarchive.archive;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a listing.
 *
 * @param next what asks for the page behind this one; null if this is the last
 */
public record Page(List<ObjectInfo> objects, @Nullable String next) {
  public Page {
    objects = List.copyOf(objects);
  }
}
