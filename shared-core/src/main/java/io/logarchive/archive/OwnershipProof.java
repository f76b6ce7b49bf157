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

/**
 * The file in a bucket that says whose archive it is: {@code logzio-verified}. It is read before
 * anything is written, and never written over.
 */
public final class OwnershipProof {
  public static final String KEY = "logzio-verified";
  private static final int MAX_BYTES = 64 * 1024;

  /** Whose archive it is. */
  public sealed interface Outcome {
    record Own() implements Outcome {}

    record Foreign(String reason) implements Outcome {}
  }

  private final String deploymentId;
  private final DeploymentSignature signature;

  public OwnershipProof(String deploymentId, DeploymentSignature signature) {
    this.deploymentId = deploymentId;
    this.signature = signature;
  }

  /** Reads the proof; puts the account's own there if there is none. */
  public Outcome establish(ArchiveStorage storage, Uid accountUid, String storageUri) {
    JsonObject own = proof(accountUid, storageUri);
    try {
      return judge(storage.get(KEY, 0, MAX_BYTES), own);
    } catch (ServiceException.NotFound e) {
      return storage.putIfAbsent(KEY, Content.of(own.bytes(), Content.JSON))
          ? new Outcome.Own()
          : judge(storage.get(KEY, 0, MAX_BYTES), own);
    }
  }

  private Outcome judge(byte[] found, JsonObject own) {
    JsonObject proof;
    try {
      proof = Json.object(found);
    } catch (MalformedJsonException e) {
      return foreign("is not one of Log Archive's");
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
