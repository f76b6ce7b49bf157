package io.logarchive.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Content;
import io.logarchive.archive.ObjectInfo;
import io.logarchive.archive.Page;
import io.logarchive.fault.ServiceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link ArchiveStorage} promises. */
public interface ArchiveStorageContract {
  /** How many objects a page holds in these tests. */
  int PAGE_SIZE = 2;

  String ROOT = "logs/prod";

  /**
   * A storage in this test's own bucket, which is empty at first, with pages of {@link #PAGE_SIZE}.
   *
   * @param prefix the storage's root; empty for the bucket itself
   */
  ArchiveStorage storage(String prefix);

  @Test
  default void anObjectReadsBackAsItWasWritten() {
    byte[] everyByte = new byte[256];
    for (int i = 0; i < everyByte.length; i++) {
      everyByte[i] = (byte) i;
    }
    assertThat(storage().putIfAbsent("a.json.zst", Content.of(everyByte, Content.LOGS))).isTrue();
    assertThat(whole("a.json.zst")).isEqualTo(everyByte);
  }

  @Test
  default void aSecondWriterFindsTheKeyThereAndTouchesNothing() {
    assertThat(storage().putIfAbsent("key", text("first"))).isTrue();
    assertThat(storage().putIfAbsent("key", text("second, and longer"))).isFalse();
    assertThat(whole("key")).asString().isEqualTo("first");
    assertThat(storage().head("key")).map(ObjectInfo::size).contains(5L);
  }

  @Test
  default void ofSixteenWritersAtOnceExactlyOneWins() {
    byte[][] contents = new byte[16][];
    Arrays.setAll(contents, i -> random(100_000 + i, i));
    List<Boolean> won =
        Together.run(16, i -> storage().putIfAbsent("key", Content.of(contents[i], Content.LOGS)));
    assertThat(won).containsOnlyOnce(true);
    assertThat(whole("key")).isEqualTo(contents[won.indexOf(true)]);
  }

  @Test
  default void aReaderSeesAllOfAnObjectOrNone() {
    byte[] bytes = random(3_000_000, 1);
    AtomicBoolean written = new AtomicBoolean();
    List<Boolean> sawIt =
        Together.run(
            2,
            i -> {
              if (i == 0) {
                storage().putIfAbsent("key", parts(bytes, 1_000));
                written.set(true);
                return true;
              }
              return readsAllOrNone(bytes, written);
            });
    assertThat(sawIt).containsExactly(true, true);
  }

  @Test
  default void aPlainPutWritesOverWhatWasThere() {
    storage().put("logzio-test", text("first, and longer"));
    storage().put("logzio-test", text("second"));
    assertThat(whole("logzio-test")).asString().isEqualTo("second");
    assertThat(storage().head("logzio-test")).map(ObjectInfo::size).contains(6L);
  }

  @Test
  default void anObjectMayBeEmpty() {
    assertThat(storage().putIfAbsent("no-bytes", text(""))).isTrue();
    assertThat(storage().putIfAbsent("no-parts", new Content(List.of(), Content.LOGS))).isTrue();
    assertThat(storage().putIfAbsent("no-parts", text("more"))).isFalse();
    assertThat(whole("no-bytes")).isEmpty();
    assertThat(whole("no-parts")).isEmpty();
    assertThat(keys("no")).containsExactly("no-bytes", "no-parts");
  }

  @Test
  default void partsLieOneBehindTheOther() {
    byte[] bytes = random(5_000_000, 2);
    assertThat(storage().putIfAbsent("absent", parts(bytes, 70_001))).isTrue();
    storage().put("plain", parts(bytes, 33));
    assertThat(whole("absent")).isEqualTo(bytes);
    assertThat(whole("plain")).isEqualTo(bytes);
  }

  @Test
  default void partOfAnObjectCanBeRead() {
    storage().putIfAbsent("key", text("0123456789"));
    assertThat(storage().get("key", 0, 1)).asString().isEqualTo("0");
    assertThat(storage().get("key", 0, 10)).asString().isEqualTo("0123456789");
    assertThat(storage().get("key", 3, 4)).asString().isEqualTo("3456");
    assertThat(storage().get("key", 9, 1)).asString().isEqualTo("9");
  }

  @Test
  default void fewerBytesComeOnlyWhereTheObjectEnds() {
    storage().putIfAbsent("key", text("0123456789"));
    assertThat(storage().get("key", 7, 100)).asString().isEqualTo("789");
    assertThat(storage().get("key", 7, Integer.MAX_VALUE)).asString().isEqualTo("789");
  }

  @Test
  default void atTheEndOfAnObjectAndBehindItAreNoBytes() {
    storage().putIfAbsent("key", text("0123456789"));
    storage().putIfAbsent("empty", text(""));
    assertThat(storage().get("key", 10, 5)).isEmpty();
    assertThat(storage().get("key", 11, 5)).isEmpty();
    assertThat(storage().get("key", 10_000_000_000L, 5)).isEmpty();
    assertThat(storage().get("empty", 0, 5)).isEmpty();
    assertThat(storage().get("empty", 1, 5)).isEmpty();
  }

  @Test
  default void readingAnAbsentObjectIsNotFound() {
    storage().putIfAbsent("folder/key", text("there"));
    for (String absent : List.of("key", "folder", "folder/ke", "folder/key2")) {
      assertThatThrownBy(() -> storage().get(absent, 0, 10))
          .isInstanceOf(ServiceException.NotFound.class);
    }
  }

  @Test
  default void anEmptyStorageListsNothing() {
    assertThat(storage().list("", null)).isEqualTo(new Page(List.of(), null));
    assertThat(storage().list("dt=20261122/hour=17/", null)).isEqualTo(new Page(List.of(), null));
  }

  @Test
  default void aListingComesInOrderOfUtf8Bytes() {
    assertListedIn(List.of("B", "Z/a", "a b", "a-b", "a.b", "a/b", "ab", "z", "ä", "日本", "ｚ"));
  }

  /** By UTF-16, as Java compares, the emoji would come before the full-width letter. */
  @Test
  default void thatOrderHoldsForEveryPlaneOfUnicode() {
    assertListedIn(List.of("a", "ｚ", "😀"));
  }

  private void assertListedIn(List<String> inOrder) {
    List<String> shuffled = new ArrayList<>(inOrder);
    Collections.shuffle(shuffled, new Random(7));
    shuffled.forEach(key -> storage().putIfAbsent(key, text(key)));
    assertThat(keys("")).containsExactlyElementsOf(inOrder);
  }

  @Test
  default void aPrefixChoosesWhatIsListed() {
    for (String key :
        List.of(
            "dt=20261122/hour=17/1-2.json.zst",
            "dt=20261122/hour=17/3-4.json.zst",
            "dt=20261122/hour=18/5-6.json.zst",
            "dt=20261123/hour=17/7-8.json.zst",
            "logzio-verified")) {
      storage().putIfAbsent(key, text(key));
    }
    assertThat(keys("dt=20261122/hour=17/"))
        .containsExactly("dt=20261122/hour=17/1-2.json.zst", "dt=20261122/hour=17/3-4.json.zst");
    assertThat(keys("dt=20261122/hour=1")).hasSize(3);
    assertThat(keys("dt=20261123/hour=17/7-8.json.zst"))
        .containsExactly("dt=20261123/hour=17/7-8.json.zst");
    assertThat(keys("dt=20261124/")).isEmpty();
    assertThat(keys("")).hasSize(5);
  }

  @Test
  default void aListingComesPageByPage() {
    List<String> written = List.of("p/1", "p/2", "p/3", "p/4", "p/5");
    written.forEach(key -> storage().putIfAbsent(key, text(key)));
    storage().putIfAbsent("q", text("not asked for"));

    List<Page> pages = pages(storage(), "p/");

    assertThat(pages).hasSizeGreaterThanOrEqualTo(3);
    assertThat(pages).allSatisfy(page -> assertThat(page.objects()).hasSizeLessThanOrEqualTo(2));
    assertThat(pages.stream().flatMap(page -> page.objects().stream()).map(ObjectInfo::key))
        .containsExactlyElementsOf(written);
  }

  @Test
  default void aPageCanBeAskedForAgain() {
    List.of("1", "2", "3", "4", "5").forEach(key -> storage().putIfAbsent(key, text(key)));
    String token = storage().list("", null).next();
    assertThat(token).isNotNull();
    Page second = storage().list("", token);
    assertThat(second.objects()).extracting(ObjectInfo::key).containsExactly("3", "4");
    assertThat(storage().list("", token).objects()).isEqualTo(second.objects());
  }

  @Test
  default void aListingSeesEveryWriteAnsweredBeforeIt() {
    List<String> written = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      String key = "key-" + i;
      storage().putIfAbsent(key, text(key));
      written.add(key);
      assertThat(keys("")).containsExactlyElementsOf(written);
    }
  }

  @Test
  default void keysMayHoldAnyPrintableCharacter() {
    List<String> wild =
        List.of(
            "dt=20261122/hour=17/1763830800000-1763834399999.12.3456.0123456789abcdef.json.zst",
            "with space",
            "plus+plus",
            "percent%20percent%",
            "semi;colon:at@&=$,",
            "question?hash#",
            "(round)[square]{curly}<angle>",
            "quotes'\"`",
            "tilde~caret^pipe|star*bang!",
            "Grüße/日本/😀",
            "e\u0301 is not é");
    wild.forEach(key -> assertThat(storage().putIfAbsent(key, text(key))).isTrue());
    wild.forEach(key -> assertThat(whole(key)).asString().isEqualTo(key));
    wild.forEach(key -> assertThat(keys(key)).containsExactly(key));
    wild.forEach(key -> assertThat(storage().putIfAbsent(key, text("other"))).isFalse());
    assertThat(keys("")).containsExactlyInAnyOrderElementsOf(wild);
  }

  @Test
  default void aListingSaysHowLargeAnObjectIsAndThatItCanBeRead() {
    storage().putIfAbsent("key", parts(random(12_345, 3), 1_000));
    ObjectInfo listed = storage().list("", null).objects().getFirst();
    assertThat(listed.key()).isEqualTo("key");
    assertThat(listed.size()).isEqualTo(12_345);
    assertThat(listed.storageClass()).isNotBlank();
    assertThat(listed.readable()).isTrue();
  }

  @Test
  default void theHeadOfAnObjectSaysWhatItsListingSays() {
    storage().putIfAbsent("key", text("0123456789"));
    storage().putIfAbsent("key-longer", text("012"));
    assertThat(storage().head("key")).isEqualTo(listed("key"));
    assertThat(storage().head("key-longer")).isEqualTo(listed("key-longer"));
  }

  @Test
  default void anAbsentObjectHasNoHead() {
    storage().putIfAbsent("folder/key", text("there"));
    assertThat(storage().head("key")).isEmpty();
    assertThat(storage().head("folder")).isEmpty();
    assertThat(storage().head("folder/ke")).isEmpty();
  }

  @Test
  default void aStorageSeesOnlyWhatLiesUnderItsRoot() {
    storage("").putIfAbsent("logs/production/key", text("neighbour"));
    storage("").putIfAbsent("logs/other", text("above"));
    storage("").putIfAbsent("key", text("top"));
    assertThat(keys("")).isEmpty();
    assertThat(storage().head("key")).isEmpty();

    storage().putIfAbsent("key", text("own"));

    assertThat(keys("")).containsExactly("key");
    assertThat(whole("key")).asString().isEqualTo("own");
    assertThat(storage("").get(ROOT + "/key", 0, 10)).asString().isEqualTo("own");
    assertThat(storage("").get("key", 0, 10)).asString().isEqualTo("top");
    assertThat(storage("logs").head("prod/key")).isPresent();
  }

  private ArchiveStorage storage() {
    return storage(ROOT);
  }

  private byte[] whole(String key) {
    return storage().get(key, 0, Integer.MAX_VALUE);
  }

  private List<String> keys(String prefix) {
    return pages(storage(), prefix).stream()
        .flatMap(page -> page.objects().stream())
        .map(ObjectInfo::key)
        .toList();
  }

  private Optional<ObjectInfo> listed(String key) {
    return pages(storage(), "").stream()
        .flatMap(page -> page.objects().stream())
        .filter(info -> info.key().equals(key))
        .findFirst();
  }

  private boolean readsAllOrNone(byte[] bytes, AtomicBoolean written) {
    while (true) {
      boolean last = written.get();
      try {
        return Arrays.equals(storage().get("key", 0, Integer.MAX_VALUE), bytes);
      } catch (ServiceException.NotFound e) {
        if (last) {
          throw e;
        }
      }
    }
  }

  private static List<Page> pages(ArchiveStorage storage, String prefix) {
    List<Page> pages = new ArrayList<>();
    @Nullable String token = null;
    do {
      Page page = storage.list(prefix, token);
      pages.add(page);
      token = page.next();
    } while (token != null);
    return pages;
  }

  private static Content text(String text) {
    return Content.of(text.getBytes(StandardCharsets.UTF_8), Content.LOGS);
  }

  /** With an empty part at the start, in the middle and at the end. */
  private static Content parts(byte[] bytes, int partSize) {
    List<byte[]> parts = new ArrayList<>();
    parts.add(new byte[0]);
    for (int from = 0; from < bytes.length; from += partSize) {
      parts.add(Arrays.copyOfRange(bytes, from, Math.min(from + partSize, bytes.length)));
      if (from == 0) {
        parts.add(new byte[0]);
      }
    }
    parts.add(new byte[0]);
    return new Content(parts, Content.LOGS);
  }

  private static byte[] random(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
