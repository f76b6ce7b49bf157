package io.logarchive.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.security.keyvault.keys.cryptography.CryptographyClient;
import com.azure.security.keyvault.keys.cryptography.models.KeyWrapAlgorithm;
import com.azure.security.keyvault.keys.cryptography.models.SignatureAlgorithm;
import com.azure.security.keyvault.keys.cryptography.models.WrapResult;
import io.logarchive.azure.AzureFault.Effect;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An RSA key in a Key Vault. What is done with it is done there, so that it never leaves it. */
final class VaultKey {
  private static final String SCOPE = "https://vault.azure.net/.default";
  private static final Duration PATIENCE = Duration.ofSeconds(50);
  private static final String VERSION = "[0-9a-f]{32}";
  private static final Pattern OF_KEY =
      Pattern.compile("https://[A-Za-z0-9.:-]+/keys/[A-Za-z0-9-]{1,127}");
  private static final Pattern OF_VERSION = Pattern.compile(OF_KEY + "/" + VERSION);
  private static final Pattern LAST_VERSION = Pattern.compile("/(" + VERSION + ")$");

  /**
   * What one version of the key has wrapped.
   *
   * @param keyId the version's URL
   */
  record Wrapped(String keyId, String base64) {
    static Wrapped of(String keyId, byte[] bytes) {
      return new Wrapped(keyId, Base64.getEncoder().encodeToString(bytes));
    }

    byte[] bytes() {
      return Base64.getDecoder().decode(base64);
    }
  }

  private final AzureClients clients;
  private final AppToken token;
  private final String url;
  private final CryptographyClient client;

  private VaultKey(AzureClients clients, TokenCredential credential, String url) {
    this.clients = clients;
    this.token = new AppToken(credential, SCOPE, PATIENCE);
    this.url = url;
    this.client = clients.vaultKey(url, token);
  }

  /** A key with all its versions. */
  static VaultKey ofAllVersions(AzureClients clients, TokenCredential credential, String url) {
    return new VaultKey(clients, credential, checked(url, OF_KEY, "without its version"));
  }

  static VaultKey ofOneVersion(AzureClients clients, TokenCredential credential, String url) {
    return new VaultKey(clients, credential, checked(url, OF_VERSION, "with its version"));
  }

  private static String checked(String url, Pattern form, String how) {
    if (!form.matcher(url).matches()) {
      throw new IllegalArgumentException(
          "Not the https URL of a key in a vault, " + how + ": " + url);
    }
    return url;
  }

  /** Whether it is a version of this key that the URL names. */
  boolean isVersion(String keyId) {
    return keyId.startsWith(url + "/") && OF_VERSION.matcher(keyId).matches();
  }

  /** With the newest version. */
  Wrapped wrap(byte[] bytes) {
    return call(
        "WrapKey",
        () -> {
          WrapResult wrapped = client.wrapKey(KeyWrapAlgorithm.RSA_OAEP_256, bytes);
          Matcher version = LAST_VERSION.matcher(String.valueOf(wrapped.getKeyId()));
          if (!version.find()) {
            throw new IllegalStateException("The vault did not say which version wrapped");
          }
          return Wrapped.of(url + "/" + version.group(1), whole(wrapped.getEncryptedKey()));
        });
  }

  /** With the version that wrapped. */
  byte[] unwrap(Wrapped wrapped) {
    return call(
        "UnwrapKey",
        () ->
            whole(
                clients
                    .vaultKey(wrapped.keyId(), token)
                    .unwrapKey(KeyWrapAlgorithm.RSA_OAEP_256, wrapped.bytes())
                    .getKey()));
  }

  /** RSASSA-PKCS1-v1_5, which makes the same of the same at all times. */
  byte[] sign(byte[] sha256) {
    return call("Sign", () -> whole(client.sign(SignatureAlgorithm.RS256, sha256).getSignature()));
  }

  private static byte[] whole(byte @Nullable [] result) {
    if (result == null || result.length == 0) {
      throw new IllegalStateException("The vault gave no result");
    }
    return result;
  }

  private <T> T call(String operation, Supplier<T> call) {
    // Before each call, so that what Entra refuses is told apart from what the vault refuses.
    token.ensure();
    try {
      return call.get();
    } catch (RuntimeException e) {
      throw AzureFault.of(operation, Effect.READ, e, false);
    }
  }
}
