package io.logarchive.archive;

import io.logarchive.account.Uid;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The external ids by which customers' roles tell the account that the deployment acts for. Nobody
 * can guess another account's; an account keeps its own as long as it exists.
 */
public final class ExternalIds {
  private static final int BYTES = 16;

  private final DeploymentSignature signature;

  public ExternalIds(DeploymentSignature signature) {
    this.signature = signature;
  }

  /** The account's own: {@code logarchive-} and 32 hex digits. */
  public String of(Uid account) {
    byte[] signed =
        signature.sign(("external-id\n" + account.value()).getBytes(StandardCharsets.UTF_8));
    return "logarchive-" + HexFormat.of().formatHex(signed, 0, BYTES);
  }
}
