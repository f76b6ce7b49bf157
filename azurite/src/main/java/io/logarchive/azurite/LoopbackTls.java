package io.logarchive.azurite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for this machine alone, made for one run. Clients of {@link #http} trust it, and
 * whoever is given its file.
 */
public final class LoopbackTls {
  /** Hides nothing: whoever reads the file is its owner. */
  public static final String PASSWORD = "loopback";

  private static final String ALIAS = "loopback";

  private final Path file;
  private final Certificate certificate;
  private final SSLContext context;

  private LoopbackTls(Path file, Certificate certificate, SSLContext context) {
    this.file = file;
    this.certificate = certificate;
    this.context = context;
  }

  /** Makes one, and keeps it in the directory for those that are processes of their own. */
  public static LoopbackTls make(Path directory) throws IOException, InterruptedException {
    Path file = directory.resolve("loopback.pfx");
    Files.deleteIfExists(file);
    makeFile(file);
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      return new LoopbackTls(file, keys.getCertificate(ALIAS), context(keys));
    } catch (GeneralSecurityException e) {
      throw new IOException("The certificate in " + file + " is of no use", e);
    }
  }

  /** The certificate alone, in PEM, for other processes' clients to trust. */
  String pem() throws IOException {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException e) {
      throw new IOException("The certificate in " + file + " is of no use", e);
    }
  }

  /** Its PKCS #12 file, with the key. */
  public Path file() {
    return file;
  }

  /** Shows the certificate, and trusts it and no other. */
  public SSLContext context() {
    return context;
  }

  /** Makes clients that trust the certificate and no other. */
  public HttpClient.Builder http() {
    return HttpClient.newBuilder().sslContext(context);
  }

  private static SSLContext context(KeyStore keys) throws IOException, GeneralSecurityException {
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(ALIAS, keys.getCertificate(ALIAS));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static void makeFile(Path file) throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool made no certificate: " + said);
    }
  }
}
