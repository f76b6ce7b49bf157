package io.logarchive.archive;

import io.logarchive.account.Uid;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The file in a bucket that says whose archive it is: {@code logzio-verified}. It is read before
 * anything is written, and one that another wrote is never lost: it is left alone, or kept beside
 * the new one where the archive is taken over.
 */
public final class OwnershipProof {
  public static final String KEY = "logzio-verified";

  /** What a file of another's may have, so that it can be kept. */
  private static final int MAX_BYTES = 64 * 1024;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** Whose archive it is. */
  public sealed interface Outcome {
    record Own() implements Outcome {}

    record Foreign(String reason) implements Outcome {}
  }

  private static final Outcome UNREADABLE = foreign("is not one of Log Archive's");
  private static final Outcome TOO_LARGE =
      foreign("has more than 64 KiB, too much to be kept if the archive were taken over");

  private final String deploymentId;
  private final DeploymentSignature signature;

  public OwnershipProof(String deploymentId, DeploymentSignature signature) {
    this.deploymentId = deploymentId;
    this.signature = signature;
  }

  /**
   * What an account says of a place. Signs, and so fails if the deployment's own key does: what its
   * methods throw is the storage's fault.
   */
  public Claim claim(Uid accountUid, String storageUri) {
    String signed = String.join("\n", "1", deploymentId, accountUid.value(), storageUri);
    return new Claim(
        JsonObject.builder()
            .put("version", 1)
            .put("deploymentId", deploymentId)
            .put("accountUid", accountUid.value())
            .put("storage", storageUri)
            .put(
                "signature",
                HexFormat.of().formatHex(signature.sign(signed.getBytes(StandardCharsets.UTF_8))))
            .build());
  }

  /** {@link Claim#keep} for the account that holds the place. */
  public Outcome keep(ArchiveStorage storage, Uid accountUid, String storageUri) {
    return claim(accountUid, storageUri).keep(storage);
  }

  /** An account's own proof for one place, to be compared with what is there. */
  public static final class Claim {
    private final JsonObject own;

    private Claim(JsonObject own) {
      this.own = own;
    }

    /** Whose archive it is so far; empty for nobody's. Writes nothing. */
    public Optional<Outcome> look(ArchiveStorage storage) {
      try {
        return Optional.of(judge(read(storage)));
      } catch (ServiceException.NotFound e) {
        return Optional.empty();
      } catch (ServiceException.Denied e) {
        if (e.code().equals("AccessDenied") && missing(storage)) {
          return Optional.empty();
        }
        throw e;
      }
    }

    /** Puts the account's own proof where none was; of several who do, one gets the place. */
    public Outcome put(ArchiveStorage storage) {
      return storage.putIfAbsent(KEY, content()) ? new Outcome.Own() : judge(read(storage));
    }

    /**
     * For the account that holds the place: a proof that is missing or no longer readable is put
     * right, as lifecycle rules and tools delete and damage files.
     */
    public Outcome keep(ArchiveStorage storage) {
      Outcome found = look(storage).orElseGet(() -> put(storage));
      if (found.equals(UNREADABLE)) {
        storage.put(KEY, content());
        return new Outcome.Own();
      }
      return found;
    }

    /**
     * Puts the account's proof in the place of another's, which is kept beside it as {@code
     * logzio-verified.<time>}. Safe to repeat at every step: another copy is all that comes of it.
     */
    public Outcome takeOver(ArchiveStorage storage, Instant now) {
      byte[] found = read(storage);
      Outcome outcome = judge(found);
      if (outcome instanceof Outcome.Own || outcome.equals(TOO_LARGE)) {
        return outcome;
      }
      String copy = KEY + "." + TIME.format(now);
      if (!storage.putIfAbsent(copy, Content.of(found, Content.JSON))
          && !MessageDigest.isEqual(storage.get(copy, 0, MAX_BYTES + 1), found)) {
        return foreign("could not be kept as " + copy + ", where another file is");
      }
      storage.put(KEY, content());
      return judge(read(storage));
    }

    private Content content() {
      return Content.of(own.bytes(), Content.JSON);
    }

    private Outcome judge(byte[] found) {
      if (found.length > MAX_BYTES) {
        return TOO_LARGE;
      }
      JsonObject proof;
      try {
        proof = Json.object(found);
      } catch (MalformedJsonException e) {
        return UNREADABLE;
      }
      if (!text(proof, "deploymentId").equals(text(own, "deploymentId"))) {
        return foreign("belongs to another deployment");
      }
      if (!text(proof, "accountUid").equals(text(own, "accountUid"))) {
        return foreign("belongs to another account");
      }
      if (!text(proof, "storage").equals(text(own, "storage"))) {
        return foreign("was made for another place");
      }
      return MessageDigest.isEqual(
              text(proof, "signature").getBytes(StandardCharsets.UTF_8),
              text(own, "signature").getBytes(StandardCharsets.UTF_8))
          ? new Outcome.Own()
          : foreign("has a signature that this deployment did not make");
    }
  }

  /**
   * S3 does not say that an object is missing to those who may list no more than one folder: a
   * listing of that folder does.
   */
  private static boolean missing(ArchiveStorage storage) {
    try {
      return storage.head(KEY).isEmpty();
    } catch (ServiceException e) {
      // The first refusal says more than that the second call failed too.
      return false;
    }
  }

  private static byte[] read(ArchiveStorage storage) {
    return storage.get(KEY, 0, MAX_BYTES + 1);
  }

  private static Outcome foreign(String what) {
    return new Outcome.Foreign("The file " + KEY + " there " + what);
  }

  private static String text(JsonObject object, String name) {
    return object.member(name).orElse(null) instanceof JsonValue.Text text ? text.value() : "";
  }
}
