package io.logarchive.opensearch;

import io.logarchive.fault.AtOnce;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.opensearch.OpenSearchClient.Call;
import io.logarchive.opensearch.OpenSearchClient.Reply;
import io.logarchive.restore.RestoreSink;
import io.logarchive.restore.RestoredLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Writes logs in bulks through a write alias. */
final class OpenSearchRestoreSink implements RestoreSink {
  private static final String BULK = "Bulk";

  /** On the smallest machines of AWS, OpenSearch takes 10 MiB at once. */
  private static final int FULL_BYTES = 8 << 20;

  /** What a log's document has besides the line, the fields and the text. */
  private static final int OWN_BYTES = 128;

  private static final String NOT_AN_OBJECT = "not_a_json_object";

  /** The index's mappings changed while it looked at the log: it may well take it now. */
  private static final String POSSIBLY_A_RACE = "illegal_argument_exception";

  /**
   * A log to be written.
   *
   * @param refusals how often it was refused for its content
   * @param faults how often the engine broke when it came to it
   * @param conflict why it is written as a raw line; null if it is written with its fields
   */
  private record Item(RestoredLog log, int refusals, int faults, @Nullable String conflict) {

    static Item of(RestoredLog log) {
      return new Item(log, 0, 0, log.isObject() ? null : NOT_AN_OBJECT);
    }

    Item refused() {
      return new Item(log, refusals + 1, faults, conflict);
    }

    Item faulted() {
      return new Item(log, refusals, faults + 1, conflict);
    }

    Item raw(String why) {
      return new Item(log, 0, 0, why);
    }

    int expectedBytes() {
      return 3 * log.length() + OWN_BYTES;
    }
  }

  /** What became of an item, as OpenSearch says. */
  private record Result(int status, String code) {
    boolean succeeded() {
      return status < 300;
    }

    /** It is no matter of what was sent: another time may be better. */
    boolean isBusy() {
      return status == 429 || status >= 500;
    }
  }

  private final OpenSearchClient client;
  private final String path;

  OpenSearchRestoreSink(OpenSearchClient client, String alias) {
    this.client = client;
    this.path =
        "/%s/_bulk?require_alias=true&filter_path=errors,items.index.status,items.index.error.type"
            .formatted(alias);
  }

  /** The bulks of one call go at once: OpenSearch indexes each on one thread only. */
  @Override
  public int write(List<RestoredLog> logs) {
    AtomicInteger conflicts = new AtomicInteger();
    AtOnce.forEach(BULK, bulks(logs), bulk -> conflicts.addAndGet(new Bulk().write(bulk)));
    return conflicts.get();
  }

  /** The logs in their order, in bulks of about the same size. */
  private static List<List<Item>> bulks(List<RestoredLog> logs) {
    List<Item> items = logs.stream().map(Item::of).toList();
    long all = items.stream().mapToLong(Item::expectedBytes).sum();
    long count = Math.ceilDiv(all, FULL_BYTES);
    List<List<Item>> bulks = new ArrayList<>();
    long before = 0;
    int from = 0;
    for (int to = 1; to <= items.size(); to++) {
      before += items.get(to - 1).expectedBytes();
      if (before >= all * (bulks.size() + 1) / count) {
        bulks.add(items.subList(from, to));
        from = to;
      }
    }
    return bulks;
  }

  /** Some logs on their way, until each is written. */
  private final class Bulk {
    private final Patience.Tries tries = client.patience().start();
    private int conflicts;
    private boolean hasWritten;

    int write(List<Item> items) {
      List<Item> left = items;
      while (!left.isEmpty()) {
        left = send(left);
      }
      return conflicts;
    }

    /** Gives what has to be sent again, after such a wait as it needs. */
    private List<Item> send(List<Item> items) {
      if (tries.left().isNegative()) {
        // It came on, but in too many parts. What was written is only written over next time.
        throw new ServiceException.Unavailable(BULK, "TooSlow", null, null);
      }
      Call call = new Call(BULK, "POST", path, body(items).publisher(), true);
      Reply reply;
      try {
        reply = client.exchange(call);
        if (reply.status() == 413 && items.size() > 1) {
          int half = items.size() / 2;
          write(items.subList(0, half));
          return items.subList(half, items.size());
        }
        OpenSearchClient.succeeded(call, reply);
      } catch (ServiceException.Unavailable | ServiceException.OutcomeUnknown e) {
        tries.await(e);
        return items;
      }
      List<Result> results = results(reply);
      if (results.size() != items.size()) {
        throw new ServiceException.OutcomeUnknown(BULK, "MalformedReply", reply.requestId(), null);
      }
      return left(items, results);
    }

    private List<Item> left(List<Item> items, List<Result> results) {
      Optional<Result> busy = results.stream().filter(Result::isBusy).findFirst();
      hasWritten |= results.stream().anyMatch(Result::succeeded);
      List<Item> left = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        Item item = items.get(i);
        Result result = results.get(i);
        if (result.succeeded()) {
          conflicts += item.conflict() == null ? 0 : 1;
        } else if (result.status() == 400 && item.conflict() == null) {
          boolean again = result.code().equals(POSSIBLY_A_RACE) && item.refusals() == 0;
          left.add(again ? item.refused() : item.raw(result.code()));
        } else if (result.status() == 500) {
          left.add(breaksTheEngine(item) ? item.raw(result.code()) : item.faulted());
        } else if (result.isBusy()) {
          left.add(item);
        } else if (result.status() == 404) {
          throw new ServiceException.NotFound(BULK, result.code(), null, null);
        } else {
          throw new ServiceException.Denied(BULK, result.code(), null, null);
        }
      }
      busy.ifPresent(
          why -> tries.await(new ServiceException.Unavailable(BULK, why.code(), null, null)));
      return left;
    }

    /**
     * Whether a fault lies with the log, whose raw line has nothing to break the engine with. A
     * node that restarts answers alike, but for a while only, and hardly for some logs alone; if it
     * still does at the last try, the raw line is not taken either.
     */
    private boolean breaksTheEngine(Item item) {
      return item.conflict() == null && item.faults() > 0 && hasWritten && tries.isBeforeLast();
    }
  }

  private static BulkBody body(List<Item> items) {
    BulkBody body = new BulkBody(items.stream().mapToInt(Item::expectedBytes).sum());
    for (Item item : items) {
      if (item.conflict() == null) {
        body.add(item.log());
      } else {
        body.addRaw(item.log(), item.conflict());
      }
    }
    return body;
  }

  private static List<Result> results(Reply reply) {
    List<Result> results = new ArrayList<>();
    if (reply.body().members().get("items") instanceof JsonValue.Array items) {
      for (JsonValue item : items.values()) {
        if (item instanceof JsonObject outer
            && outer.members().get("index") instanceof JsonObject index
            && index.members().get("status") instanceof JsonValue.Num status) {
          int code = status.value().intValue();
          results.add(new Result(code, OpenSearchClient.errorType(index).orElse("HTTP " + code)));
        }
      }
    }
    return results;
  }
}
