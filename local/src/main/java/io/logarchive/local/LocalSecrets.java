package io.logarchive.local;

import io.logarchive.account.Ids;
import io.logarchive.account.Token;
import io.logarchive.archive.DeploymentKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What a deployment on this machine keeps for itself in its data directory, made up at the first
 * run.
 *
 * @param keyFile holds the deployment's key, in base64
 */
record LocalSecrets(AccessKey s3Key, Path keyFile, Token adminToken, String deploymentId) {

  static LocalSecrets keptIn(Path directory, SecureRandom random) throws IOException {
    Ids ids = new Ids(random);
    byte[] key = new byte[DeploymentKey.KEY_BYTES];
    random.nextBytes(key);
    Path keyFile = directory.resolve("deployment-key");
    OwnerOnlyFile.kept(keyFile, Base64.getEncoder().encodeToString(key));
    return new LocalSecrets(
        AccessKey.keptIn(directory.resolve("s3-access-key")),
        keyFile,
        new Token(
            OwnerOnlyFile.kept(
                directory.resolve("admin-token"), ids.token(Token.Kind.ADMIN).value())),
        OwnerOnlyFile.kept(directory.resolve("deployment-id"), "local-" + ids.uid()));
  }
}
