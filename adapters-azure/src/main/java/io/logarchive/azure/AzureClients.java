package io.logarchive.azure;

import com.azure.core.credential.AzureNamedKeyCredential;
import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.RequestRetryCondition;
import com.azure.core.http.policy.RetryOptions;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.data.tables.TableClient;
import com.azure.data.tables.TableClientBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.security.keyvault.keys.cryptography.CryptographyClient;
import com.azure.security.keyvault.keys.cryptography.CryptographyClientBuilder;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.blob.BlobServiceVersion;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.StorageAccess;
import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Makes the SDK's clients for the adapters. They share two HTTP clients, one for each {@link
 * Patience}, and none calls anything before it is asked to.
 */
public final class AzureClients {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration BRIEF_CALL = Duration.ofSeconds(4);

  /** What one try of a call may take to be sent, and to be answered. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private static final int TRIES = 3;
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final AzureEndpoints endpoints;
  private final HttpClient retrying;
  private final HttpClient brief;

  /**
   * @param http makes the HTTP clients; where a deployment trusts more certificates than the JDK
   *     does, it says so
   */
  public AzureClients(AzureEndpoints endpoints, Supplier<java.net.http.HttpClient.Builder> http) {
    this.endpoints = endpoints;
    this.retrying = client(http.get(), SILENCE);
    this.brief = client(http.get(), BRIEF_CALL);
  }

  private static HttpClient client(java.net.http.HttpClient.Builder http, Duration patience) {
    return new JdkHttpClientBuilder(
            http.connectTimeout(CONNECT).version(java.net.http.HttpClient.Version.HTTP_1_1))
        .connectionTimeout(CONNECT)
        .writeTimeout(patience)
        .responseTimeout(patience)
        .readTimeout(patience)
        .build();
  }

  /** Without a credential yet. */
  BlobContainerClientBuilder container(BlobLocation location, Patience patience) {
    return container(endpoints.container(location), patience);
  }

  /** One of the deployment's own, without a credential yet. */
  BlobContainerClientBuilder ownContainer(URI blobEndpoint, String name) {
    return container(
        blobEndpoint + (blobEndpoint.toString().endsWith("/") ? "" : "/") + name,
        Patience.RETRYING);
  }

  private BlobContainerClientBuilder container(String endpoint, Patience patience) {
    return new BlobContainerClientBuilder()
        .endpoint(endpoint)
        .httpClient(http(patience))
        .addPolicy(new LostReplies())
        .serviceVersion(BlobServiceVersion.V2026_06_06)
        .retryOptions(
            new RequestRetryOptions(
                RetryPolicyType.EXPONENTIAL,
                patience == Patience.BRIEF ? 1 : TRIES,
                patience == Patience.BRIEF ? BRIEF_CALL : SILENCE,
                FIRST_WAIT,
                LONGEST_WAIT,
                null));
  }

  /**
   * How a table is called.
   *
   * @param writes tries nothing again
   * @param signIn makes sure that there is a token, where there has to be one
   */
  record Tables(TableClient reads, TableClient writes, Runnable signIn) {}

  Tables tables(URI endpoint, String name, AzureLogin login) {
    return switch (login) {
      case AzureLogin.ManagedIdentity identity -> {
        AppToken token = new AppToken(managedIdentity(identity), AppToken.STORAGE, SILENCE);
        yield tables(endpoint, name, table -> table.credential(token), token::ensure);
      }
      case AzureLogin.AccountKey key -> {
        AzureNamedKeyCredential credential =
            new AzureNamedKeyCredential(key.accountName(), key.key().value());
        yield tables(endpoint, name, table -> table.credential(credential), () -> {});
      }
    };
  }

  private Tables tables(
      URI endpoint, String name, UnaryOperator<TableClientBuilder> login, Runnable signIn) {
    return new Tables(
        login.apply(table(endpoint, name, retries(Patience.RETRYING))).buildClient(),
        login.apply(table(endpoint, name, retries(Patience.BRIEF))).buildClient(),
        signIn);
  }

  private TableClientBuilder table(URI endpoint, String name, RetryOptions retries) {
    return new TableClientBuilder()
        .endpoint(endpoint.toString())
        .tableName(name)
        .httpClient(retrying)
        .addPolicy(new XmlReplies())
        .retryOptions(retries);
  }

  TokenCredential appRegistration(StorageAccess.Blob access, Patience patience) {
    ClientSecretCredentialBuilder builder =
        new ClientSecretCredentialBuilder()
            .tenantId(access.tenantId())
            .clientId(access.clientId())
            .clientSecret(access.clientSecret().value())
            .httpClient(http(patience))
            .retryOptions(retries(patience));
    URI authority = endpoints.authority();
    if (authority != null) {
      builder.authorityHost(authority.toString()).disableInstanceDiscovery();
    }
    return builder.build();
  }

  TokenCredential managedIdentity(AzureLogin.ManagedIdentity identity) {
    return new ManagedIdentityToken(
        new HttpPipelineBuilder()
            .policies(new RetryPolicy(retries(Patience.RETRYING)))
            .httpClient(retrying)
            .build(),
        identity);
  }

  /**
   * @param url of the key, or of one version of it
   */
  CryptographyClient vaultKey(String url, TokenCredential token) {
    CryptographyClientBuilder builder =
        new CryptographyClientBuilder()
            .keyIdentifier(url)
            .credential(token)
            .httpClient(retrying)
            .retryOptions(retries(Patience.RETRYING))
            // Else it asks for the public key, which needs one more permission, and wraps here.
            .disableKeyCaching();
    if (URI.create(url).getHost().equals("localhost")) {
      // An emulator names Azure's vaults as those whose tokens it takes, and is none of them.
      builder.disableChallengeResourceVerification();
    }
    return builder.buildClient();
  }

  private static RetryOptions retries(Patience patience) {
    return new RetryOptions(
            new FixedDelayOptions(patience == Patience.BRIEF ? 0 : TRIES - 1, FIRST_WAIT))
        .setShouldRetryCondition(AzureClients::passesSoon);
  }

  /** The SDK would wait as long as a service asks for, be it minutes. */
  private static boolean passesSoon(RequestRetryCondition failure) {
    HttpResponse reply = failure.getResponse();
    if (reply == null) {
      return true;
    }
    int status = reply.getStatusCode();
    String wait = reply.getHeaderValue(HttpHeaderName.RETRY_AFTER);
    return (status == 408 || status == 429 || status >= 500)
        && (wait == null || wait.equals("0") || wait.equals("1") || wait.equals("2"));
  }

  private HttpClient http(Patience patience) {
    return switch (patience) {
      case RETRYING -> retrying;
      case BRIEF -> brief;
    };
  }
}
