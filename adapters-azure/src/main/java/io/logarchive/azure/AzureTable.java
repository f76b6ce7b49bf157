package io.logarchive.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.rest.PagedResponse;
import com.azure.core.util.Context;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.models.ListEntitiesOptions;
import com.azure.data.tables.models.TableEntity;
import com.azure.data.tables.models.TableTransactionAction;
import com.azure.data.tables.models.TableTransactionActionType;
import io.logarchive.azure.AzureFault.Effect;
import io.logarchive.azure.TableRow.Found;
import io.logarchive.fault.ServiceException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The one table of a deployment, which its stores share. Its design is in docs/tables.md. */
public final class AzureTable {
  private static final String CREATE = "CreateTable";
  private static final String GET = "GetEntity";
  private static final String QUERY = "QueryEntities";
  private static final String SUBMIT = "SubmitTransaction";

  /** What says that an entity is not, or no longer, as a change needs it. */
  private static final Set<String> CONFLICTS =
      Set.of(
          "EntityAlreadyExists",
          "EntityNotFound",
          "ResourceNotFound",
          "UpdateConditionNotSatisfied",
          "ConditionNotMet");

  private static final Set<String> ABSENT = Set.of("EntityNotFound", "ResourceNotFound");

  private static final int LARGEST_PAGE = 1_000;

  /** How often a change is decided anew, as others changed the same in between. */
  private static final int MEETINGS = 100;

  private static final int LONGEST_PAUSE_AFTER_MEETING_MILLIS = 100;
  private static final int FAILURES = 3;
  private static final int PAUSE_AFTER_FAILURE_MILLIS = 200;

  /** Tries again by itself. */
  private final TableClient reads;

  /** Does not: whether a try was carried out is decided here. */
  private final TableClient writes;

  private final Runnable signIn;
  private final RandomGenerator random;

  /**
   * @param endpoint of the storage account's tables
   * @param random marks writes, so that their own are known again; safe for concurrent use
   */
  public AzureTable(
      AzureClients clients, URI endpoint, String name, AzureLogin login, RandomGenerator random) {
    this(clients.tables(endpoint, name, login), random);
  }

  AzureTable(AzureClients.Tables tables, RandomGenerator random) {
    this.reads = tables.reads();
    this.writes = tables.writes();
    this.signIn = tables.signIn();
    this.random = random;
  }

  /** A change of one entity, and what has to hold of the stored one for it to be made. */
  sealed interface Change {
    TableRow.Key key();

    /** Written only over the version just before; version 1 only where there is none. */
    static Change version(TableRow row, long version) {
      return version == 1 ? new Insert(row) : Replace.version(row, version);
    }
  }

  /** Written whatever is there. */
  record Put(TableRow row) implements Change {
    @Override
    public TableRow.Key key() {
      return row.key();
    }
  }

  /** Written only where there is none. */
  record Insert(TableRow row) implements Change {
    @Override
    public TableRow.Key key() {
      return row.key();
    }
  }

  /**
   * Written as what is there decides.
   *
   * @param next given what is there; empty if that keeps it from being made. May be called again
   */
  record Replace(TableRow.Key key, Function<Optional<Found>, Optional<TableRow>> next)
      implements Change {

    /** Only over the version just before; one that is not there is of version 0. */
    static Replace version(TableRow row, long version) {
      return new Replace(
          row.key(),
          found ->
              found.map(Found::version).orElse(0L) == version - 1
                  ? Optional.of(row)
                  : Optional.empty());
    }
  }

  /** Deleted only where it is there. */
  record Delete(TableRow.Key key) implements Change {}

  /** Deleted only if this holds of it. */
  record DeleteIf(TableRow.Key key, Predicate<Found> condition) implements Change {

    static DeleteIf version(TableRow.Key key, long version) {
      return new DeleteIf(key, found -> found.version() == version);
    }
  }

  /** Makes the table, unless it is there. */
  public void create() {
    call(
        CREATE,
        Effect.WRITE,
        () -> {
          try {
            return reads.createTableWithResponse(null, Context.NONE).getStatusCode();
          } catch (HttpResponseException e) {
            if (TableFault.code(e).equals("TableAlreadyExists")) {
              return AzureFault.status(e);
            }
            throw e;
          }
        });
  }

  /** The entity as of all writes answered before. */
  Optional<Found> find(TableRow.Key key) {
    return call(
        GET,
        Effect.READ,
        () -> {
          try {
            return Optional.of(
                Found.of(
                    reads
                        .getEntityWithResponse(key.partition(), key.row(), null, null, Context.NONE)
                        .getValue()));
          } catch (HttpResponseException e) {
            if (ABSENT.contains(TableFault.code(e))) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  /**
   * Entities of a partition in the order of their row keys, as of all writes answered before.
   *
   * @param above only behind this row key
   * @param below only before this row key
   * @param most as many at the most; fewer only if there are no more
   */
  List<Found> query(String partition, String above, String below, int most) {
    ListEntitiesOptions options =
        new ListEntitiesOptions()
            .setFilter(
                "PartitionKey eq %s and RowKey gt %s and RowKey lt %s"
                    .formatted(quoted(partition), quoted(above), quoted(below)))
            .setTop(Math.min(most, LARGEST_PAGE));
    return call(
        QUERY,
        Effect.READ,
        () -> {
          List<Found> all = new ArrayList<>();
          for (PagedResponse<TableEntity> page :
              reads.listEntities(options, null, Context.NONE).iterableByPage()) {
            page.getValue().stream().limit(most - all.size()).map(Found::of).forEach(all::add);
            if (all.size() == most) {
              break;
            }
          }
          return all;
        });
  }

  /**
   * Gives on the keys of entities whose time is over, page by page: reads the whole table.
   *
   * @param work may delete them
   */
  void expired(Instant now, Consumer<List<TableEntity>> work) {
    // To make it already asks for the first page.
    Iterator<PagedResponse<TableEntity>> pages =
        call(
            QUERY,
            Effect.READ,
            () ->
                reads
                    .listEntities(
                        new ListEntitiesOptions()
                            .setFilter(
                                "%s lt %dL".formatted(TableRow.EXPIRES, now.getEpochSecond()))
                            .setSelect(List.of("PartitionKey", "RowKey"))
                            .setTop(LARGEST_PAGE),
                        null,
                        Context.NONE)
                    .iterableByPage()
                    .iterator());
    while (call(QUERY, Effect.READ, pages::hasNext)) {
      work.accept(call(QUERY, Effect.READ, pages::next).getValue());
    }
  }

  /**
   * Makes all changes or none, all of one partition.
   *
   * @return the places, from 0, of changes whose conditions do not hold; none if all were made
   */
  List<Integer> changeAll(List<? extends Change> changes) {
    String mark = HexFormat.of().toHexDigits(random.nextLong());
    boolean lost = false;
    int failures = 0;
    for (int meetings = 0; meetings < MEETINGS; meetings++) {
      boolean again = meetings > 0;
      List<Optional<Found>> stored = lost ? readAll(changes) : read(changes, again);
      if (again && stored.stream().flatMap(Optional::stream).anyMatch(f -> mark.equals(f.mark()))) {
        return List.of();
      }
      List<Integer> failed = new ArrayList<>();
      List<TableTransactionAction> actions = new ArrayList<>();
      for (int i = 0; i < changes.size(); i++) {
        Optional<TableTransactionAction> action =
            action(changes.get(i), stored.get(i), again, mark);
        action.ifPresent(actions::add);
        if (action.isEmpty()) {
          failed.add(i);
        }
      }
      if (!failed.isEmpty() && lost) {
        // What was sent may have been done, and changed again by somebody else.
        throw new ServiceException.OutcomeUnknown(SUBMIT, "ConnectionLost", null, null);
      }
      if (!failed.isEmpty()) {
        return failed;
      }
      TableLimits.check(SUBMIT, actions.stream().map(TableTransactionAction::getEntity).toList());
      try {
        if (submit(actions, lost)) {
          return List.of();
        }
        pause(Math.min(2 << Math.min(meetings, 10), LONGEST_PAUSE_AFTER_MEETING_MILLIS));
      } catch (ServiceException.Unavailable | ServiceException.OutcomeUnknown e) {
        failures++;
        if (failures == FAILURES) {
          throw e;
        }
        lost |= e instanceof ServiceException.OutcomeUnknown;
        pause(PAUSE_AFTER_FAILURE_MILLIS << failures);
      }
    }
    throw new ServiceException.Unavailable(SUBMIT, "TooManyAtOnce", null, null);
  }

  /** Whether the one change was made. */
  boolean change(Change change) {
    return changeAll(List.of(change)).isEmpty();
  }

  /**
   * What has to be known before the changes are sent; what is only known from their being refused
   * is read once they were.
   */
  private List<Optional<Found>> read(List<? extends Change> changes, boolean again) {
    return changes.stream()
        .map(
            change ->
                switch (change) {
                  case Put put -> Optional.<Found>empty();
                  case Insert insert -> again ? find(insert.key()) : Optional.<Found>empty();
                  case Delete delete -> again ? find(delete.key()) : Optional.<Found>empty();
                  case Replace replace -> find(replace.key());
                  case DeleteIf delete -> find(delete.key());
                })
        .toList();
  }

  /** All of them, to see whether they were written by a try whose reply was lost. */
  private List<Optional<Found>> readAll(List<? extends Change> changes) {
    try {
      return changes.stream().map(change -> find(change.key())).toList();
    } catch (ServiceException.Unavailable e) {
      throw new ServiceException.OutcomeUnknown(e.operation(), e.code(), e.requestId(), e);
    }
  }

  /** Empty if its condition does not hold. */
  private static Optional<TableTransactionAction> action(
      Change change, Optional<Found> stored, boolean wasRead, String mark) {
    return switch (change) {
      case Put put ->
          Optional.of(
              new TableTransactionAction(
                  TableTransactionActionType.UPSERT_REPLACE, put.row().entity(mark)));
      case Insert insert ->
          stored.isPresent() ? Optional.empty() : Optional.of(insert(insert.row(), mark));
      case Replace replace ->
          replace
              .next()
              .apply(stored)
              .map(
                  row ->
                      stored.isEmpty()
                          ? insert(row, mark)
                          : unchanged(
                              TableTransactionActionType.UPDATE_REPLACE,
                              row.entity(mark),
                              stored.get().etag()));
      case Delete delete ->
          wasRead && stored.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  new TableTransactionAction(
                      TableTransactionActionType.DELETE, delete.key().entity()));
      case DeleteIf delete ->
          stored
              .filter(delete.condition())
              .map(
                  found ->
                      unchanged(
                          TableTransactionActionType.DELETE, found.key().entity(), found.etag()));
    };
  }

  private static TableTransactionAction insert(TableRow row, String mark) {
    return new TableTransactionAction(TableTransactionActionType.CREATE, row.entity(mark));
  }

  private static TableTransactionAction unchanged(
      TableTransactionActionType type, TableEntity entity, String etag) {
    return new TableTransactionAction(type, TableRow.unchanged(entity, etag), true);
  }

  /** False if an entity is not as one of them needs it; nothing was done then. */
  boolean submit(List<TableTransactionAction> actions, boolean lost) {
    signIn.run();
    try {
      writes.submitTransactionWithResponse(actions, null, Context.NONE);
      return true;
    } catch (RuntimeException e) {
      HttpResponseException answered = AzureFault.cause(e, HttpResponseException.class);
      if (answered != null && CONFLICTS.contains(TableFault.code(answered))) {
        return false;
      }
      throw TableFault.of(SUBMIT, Effect.WRITE, e, lost);
    }
  }

  private <T> T call(String operation, Effect effect, Supplier<T> call) {
    signIn.run();
    try {
      return call.get();
    } catch (RuntimeException e) {
      throw TableFault.of(operation, effect, e, false);
    }
  }

  private void pause(int mostMillis) {
    try {
      Thread.sleep(random.nextInt(1, mostMillis + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServiceException.Unavailable(SUBMIT, "Interrupted", null, e);
    }
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
