package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Content;
import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.FailingArchiveStorage.Moment;
import org.junit.jupiter.api.Test;

final class FailingArchiveStorageTest {
  private static final Content SOME = Content.of(new byte[] {1}, Content.LOGS);

  private final InMemoryArchiveStorage inner = new InMemoryArchiveStorage();

  @Test
  void onlyTheChosenCallFails() {
    ArchiveStorage storage = failing(Moment.BEFORE);
    storage.put("one", SOME);
    assertThatThrownBy(() -> storage.putIfAbsent("two", SOME))
        .isInstanceOf(ServiceException.Unavailable.class);
    assertThat(inner.head("two")).isEmpty();
    assertThat(storage.putIfAbsent("two", SOME)).isTrue();
  }

  @Test
  void aCallWhoseReplyIsLostWasCarriedOut() {
    ArchiveStorage storage = failing(Moment.AFTER);
    assertThat(storage.list("", null).objects()).isEmpty();
    assertThatThrownBy(() -> storage.put("two", SOME))
        .isInstanceOf(ServiceException.Unavailable.class);
    assertThat(inner.head("two")).isPresent();
  }

  private FailingArchiveStorage failing(Moment moment) {
    return new FailingArchiveStorage(
        inner,
        2,
        moment,
        () -> new ServiceException.Unavailable("PutObject", "SlowDown", null, null));
  }
}
