package io.logarchive.restore;

import io.logarchive.archive.ObjectInfo;
import io.logarchive.archive.Page;
import io.logarchive.format.ObjectName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an archive holds of a time range, from one listing an hour.
 *
 * @param objects those whose times meet the range, in time order
 * @param storedBytes their stored size
 * @param lowerBytes raw bytes by the names of those wholly inside the range
 * @param upperBytes raw bytes by the names of all of them
 * @param skippedNames names that are not the archive's
 * @param archived objects that lie in an archived tier, and would have to be thawed
 * @param archivedBytes their stored size
 */
record Plan(
    List<PlannedObject> objects,
    long storedBytes,
    long lowerBytes,
    long upperBytes,
    long skippedNames,
    long archived,
    long archivedBytes) {
  private static final Comparator<PlannedObject> IN_TIME =
      Comparator.<PlannedObject>comparingLong(object -> object.name().min())
          .thenComparing(object -> object.name().path());

  Plan {
    objects = List.copyOf(objects);
  }

  /**
   * Lists every place of the archive; one that cannot be listed is refused, never left out. An
   * object that lies in several is read from the first: its name derives from what it holds.
   */
  static Plan of(RestoreArchive archive, TimeRange range) {
    Listing listing = new Listing(range);
    for (String place : archive.places()) {
      list(archive, place, range, listing);
    }
    return listing.plan();
  }

  private static void list(RestoreArchive archive, String place, TimeRange range, Listing listing) {
    for (Instant hour = range.start().truncatedTo(ChronoUnit.HOURS);
        hour.isBefore(range.end());
        hour = hour.plus(1, ChronoUnit.HOURS)) {
      String prefix = ObjectName.hourPrefix(hour);
      @Nullable String next = null;
      do {
        Page page = archive.list(place, prefix, next);
        page.objects().forEach(object -> listing.add(place, object));
        next = page.next();
      } while (next != null);
    }
  }

  List<Slice> slices(SliceLimits limits) {
    List<Slice> slices = cut(limits);
    for (SliceLimits wider = limits.doubled();
        slices.size() > limits.most();
        wider = wider.doubled()) {
      slices = cut(wider);
    }
    return slices;
  }

  private List<Slice> cut(SliceLimits limits) {
    List<Slice> slices = new ArrayList<>();
    List<PlannedObject> slice = new ArrayList<>();
    long raw = 0;
    long stored = 0;
    for (PlannedObject object : objects) {
      boolean full =
          plus(raw, object.name().bytes()) > limits.rawBytes()
              || plus(stored, object.storedBytes()) > limits.storedBytes()
              || slice.size() == limits.objects();
      if (full && !slice.isEmpty()) {
        slices.add(new Slice(slice));
        slice.clear();
        raw = 0;
        stored = 0;
      }
      slice.add(object);
      raw = plus(raw, object.name().bytes());
      stored = plus(stored, object.storedBytes());
    }
    if (!slice.isEmpty()) {
      slices.add(new Slice(slice));
    }
    return slices;
  }

  /**
   * Sizes are claims that anybody with access to the bucket can make: their sum stays at the top.
   */
  private static long plus(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  private static final class Listing {
    private final TimeRange range;
    private final Set<ObjectName> names = new HashSet<>();
    private final List<PlannedObject> objects = new ArrayList<>();
    private long stored;
    private long lower;
    private long upper;
    private long skipped;
    private long archived;
    private long archivedBytes;

    Listing(TimeRange range) {
      this.range = range;
    }

    void add(String place, ObjectInfo object) {
      Optional<ObjectName> parsed = ObjectName.parse(object.key());
      if (parsed.isEmpty()) {
        skipped++;
        return;
      }
      ObjectName name = parsed.get();
      if (!range.meets(name.min(), name.max()) || !names.add(name)) {
        return;
      }
      if (!object.readable()) {
        archived++;
        archivedBytes = plus(archivedBytes, object.size());
      }
      objects.add(new PlannedObject(place, name, object.size()));
      stored = plus(stored, object.size());
      upper = plus(upper, name.bytes());
      if (range.contains(name.min()) && range.contains(name.max())) {
        lower = plus(lower, name.bytes());
      }
    }

    Plan plan() {
      objects.sort(IN_TIME);
      return new Plan(objects, stored, lower, upper, skipped, archived, archivedBytes);
    }
  }
}
