package io.logarchive.restore;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All restores that hold a slot, page by page. */
final class LiveRestores {
  private LiveRestores() {}

  static List<Restore> of(RestoreStore store) {
    List<Restore> all = new ArrayList<>();
    @Nullable String next = null;
    do {
      RestoreStore.Page page = store.live(next);
      all.addAll(page.restores());
      next = page.next();
    } while (next != null);
    return all;
  }
}
