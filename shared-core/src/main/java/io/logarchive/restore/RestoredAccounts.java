package io.logarchive.restore;

import io.logarchive.account.Uid;
import io.logarchive.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The temporary, searchable accounts, one for each restore, named by the restore's uid. Failures
 * are {@link io.logarchive.fault.ServiceException}s.
 */
public interface RestoredAccounts {

  /**
   * Makes an account that takes logs. One that is there already stays as it is.
   *
   * @param expectedBytes raw bytes it is going to hold
   */
  void create(Uid restoreUid, long expectedBytes);

  RestoreSink sink(Uid restoreUid);

  /**
   * Makes everything written so far searchable.
   *
   * @return how many logs the account holds
   * @throws io.logarchive.fault.ServiceException.NotFound if there is no such account
   */
  long refresh(Uid restoreUid);

  /**
   * Ends all writing to the account: a write that comes later is {@link
   * io.logarchive.fault.ServiceException.NotFound}. What it holds stays searchable. An absent one
   * is fine.
   */
  void close(Uid restoreUid);

  /**
   * Stops all writing to the account, then removes it: a write that comes later creates nothing. An
   * absent one is fine.
   */
  void delete(Uid restoreUid);

  /** All accounts that are there, with the times at which they were made. */
  Map<Uid, Instant> list();

  /**
   * Searches some accounts. Those that are not there hold nothing: one may be removed, or not yet
   * be made, while it is searched.
   *
   * @param restoreUids at least one
   * @param body an OpenSearch {@code _search} body that holds nothing a customer may not ask for
   * @param mostHitBytes hits behind so many bytes of the reply are left out
   */
  SearchOutcome search(List<Uid> restoreUids, JsonObject body, int mostHitBytes);

  /** What comes of a search. */
  sealed interface SearchOutcome {
    /**
     * What the engine found.
     *
     * @param reply OpenSearch's reply, in which each hit's {@code _index} is the restore's uid
     * @param cut whether hits were left out
     */
    record Found(JsonObject reply, boolean cut) implements SearchOutcome {}

    /**
     * The engine does not take the query.
     *
     * @param reason what it says, with uids in place of its own names for the accounts; for the
     *     eyes of who sent the query only
     */
    record Refused(String reason) implements SearchOutcome {}
  }
}
