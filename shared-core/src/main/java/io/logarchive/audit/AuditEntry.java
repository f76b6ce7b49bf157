package io.logarchive.audit;

import io.logarchive.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One change, and who asked for it. A store that makes the change writes its entry in the same
 * transaction: both are there, or neither is. Holds no secret, no token and no hash of a token.
 *
 * @param at when the change was asked for
 * @param unique tells it from others of the same moment; 16 lower-case hex digits
 * @param accountId the account that was changed, or whose settings, token or restore was
 * @param subjectId the id of what was changed
 * @param before what it was, as the API shows it; null of what was made
 * @param after what it became; null of what is gone
 * @param requestId the request that asked for it, as its reply and the logs name it; null if none
 *     did
 */
public record AuditEntry(
    Instant at,
    String unique,
    Actor by,
    int accountId,
    Action action,
    int subjectId,
    @Nullable JsonObject before,
    @Nullable JsonObject after,
    @Nullable String requestId) {

  private static final Pattern UNIQUE = Pattern.compile("[0-9a-f]{16}");
  private static final Pattern ID = Pattern.compile("[0-9]{12}\\.[0-9]{9}-[0-9a-f]{16}");

  /** Who asked for a change. */
  public sealed interface Actor {
    /** An account's token, by its id. */
    record Token(int accountId, int tokenId) implements Actor {}

    /** The deployment's admin token. */
    record Admin() implements Actor {}

    /** The deployment itself, as when it suspends archiving. */
    record Deployment() implements Actor {}

    /** An event on the deployment's bus, by its id. */
    record Event(String id) implements Actor {}
  }

  /** What was done. */
  public enum Action {
    ACCOUNT_CREATE,
    ACCOUNT_UPDATE,
    ACCOUNT_DELETE,
    TOKEN_CREATE,
    TOKEN_ROTATE,
    TOKEN_REVOKE,
    SETTINGS_CREATE,
    SETTINGS_UPDATE,
    SETTINGS_DELETE,
    SETTINGS_SUSPEND,
    SETTINGS_RESUME,
    RESTORE_START,
    RESTORE_DELETE;

    /** The action's name in the API, such as {@code settings.create}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    public static Action of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT).replace('.', '_'));
    }
  }

  public AuditEntry {
    if (!UNIQUE.matcher(unique).matches()) {
      throw new IllegalArgumentException("Not 16 lower-case hex digits: " + unique);
    }
  }

  /** Names the entry. Text order of ids is time order. */
  public String id() {
    return String.format(Locale.ROOT, "%012d.%09d-%s", at.getEpochSecond(), at.getNano(), unique);
  }

  /** Whether a text can be the id of an entry. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }
}
