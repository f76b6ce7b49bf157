package io.logarchive.archive;

import io.logarchive.account.Uid;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The file in a bucket that says whose archive it is: {@code logzio-verified}. It is read before
 * anything is written, and one that another wrote is never written over.
 */
public final class OwnershipProof {
  public static final String KEY = "logzio-verified";
  private static final int MAX_BYTES = 64 * 1024;

  /** Whose archive it is. */
  public sealed interface Outcome {
    record Own() implements Outcome {}

    record Foreign(String reason) implements Outcome {}
  }

  private static final Outcome UNREADABLE = foreign("is not one of Log Archive's");

  private final String deploymentId;
  private final DeploymentSignature signature;

  public OwnershipProof(String deploymentId, DeploymentSignature signature) {
    this.deploymentId = deploymentId;
    this.signature = signature;
  }

  /** Whose archive it is so far; empty for nobody's. Writes nothing. */
  public Optional<Outcome> look(ArchiveStorage storage, Uid accountUid, String storageUri) {
    try {
      return Optional.of(judge(storage.get(KEY, 0, MAX_BYTES), proof(accountUid, storageUri)));
    } catch (ServiceException.NotFound e) {
      return Optional.empty();
    }
  }

  /**
   * Reads the proof; puts the account's own there if there is none. For a place that nobody holds
   * yet.
   */
  public Outcome establish(ArchiveStorage storage, Uid accountUid, String storageUri) {
    return look(storage, accountUid, storageUri)
        .orElseGet(() -> put(storage, accountUid, storageUri));
  }

  /**
   * The same for the account that holds the place: a proof that is no longer readable is put right,
   * as lifecycle rules and tools damage files.
   */
  public Outcome keep(ArchiveStorage storage, Uid accountUid, String storageUri) {
    Outcome found = establish(storage, accountUid, storageUri);
    if (found.equals(UNREADABLE)) {
      storage.put(KEY, Content.of(proof(accountUid, storageUri).bytes(), Content.JSON));
      return new Outcome.Own();
    }
    return found;
  }

  private Outcome put(ArchiveStorage storage, Uid accountUid, String storageUri) {
    JsonObject own = proof(accountUid, storageUri);
    return storage.putIfAbsent(KEY, Content.of(own.bytes(), Content.JSON))
        ? new Outcome.Own()
        : judge(storage.get(KEY, 0, MAX_BYTES), own);
  }

  private Outcome judge(byte[] found, JsonObject own) {
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

  private static Outcome foreign(String what) {
    return new Outcome.Foreign("The file " + KEY + " there " + what);
  }

  private JsonObject proof(Uid accountUid, String storageUri) {
    String signed = String.join("\n", "1", deploymentId, accountUid.value(), storageUri);
    return JsonObject.builder()
        .put("version", 1)
        .put("deploymentId", deploymentId)
        .put("accountUid", accountUid.value())
        .put("storage", storageUri)
        .put(
            "signature",
            HexFormat.of().formatHex(signature.sign(signed.getBytes(StandardCharsets.UTF_8))))
        .build();
  }

  private static String text(JsonObject object, String name) {
    return object.member(name).orElse(null) instanceof JsonValue.Text text ? text.value() : "";
  }
}
