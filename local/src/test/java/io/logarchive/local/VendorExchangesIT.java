package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import io.logarchive.testkit.StubServer.Request;
import io.logarchive.testkit.VendorExchanges;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The vendor's clients against the whole service: over HTTP, through the functions, to engines. */
class VendorExchangesIT {
  private static final String ACCESS_ROLE = "arn:aws:iam::999999999999:role/logs-archive-access";
  private static final String ROLE = "arn:aws:iam::111122223333:role/archive";
  private static final int MAX_DAILY_GB = 10;

  private final Path data;

  VendorExchangesIT(@TempDir Path data) {
    this.data = data;
  }

  @ParameterizedTest
  @EnumSource
  void theVendorsClientsFindWhatTheyExpect(Cloud cloud) throws Exception {
    Azurite.assumeInstalled();
    LocalWiring machine = LocalWiring.ofThisMachine();
    AtomicReference<AccessKey> key = new AtomicReference<>();
    AtomicReference<String> externalId = new AtomicReference<>("");
    try (StubServer sts = new StubServer(request -> session(request, key, externalId));
        EmbeddedAzure azure =
            EmbeddedAzure.start(Azurite.INSTALLATION, data, machine, VendorExchanges.CONTAINER);
        LocalDeployment running =
            cloud == Cloud.AWS
                ? LocalDeployment.start(data, 0, machine, variables(sts, azure), azure::http)
                : LocalDeployment.startOnAzure(data, 0, machine, azure, Map.of());
        ServiceClient client = new ServiceClient(running.uri());
        HttpClient http = HttpClient.newHttpClient()) {
      AccessKey owners = running.secrets().s3Key();
      key.set(owners);
      ServiceClient.AccountTokens account =
          client.createAccount(running.secrets().adminToken().value(), "vendor's", MAX_DAILY_GB);
      VendorExchanges exchanges =
          new VendorExchanges(
              VendorExchanges.overHttp(http, running.uri().toString()),
              account.apiToken(),
              new VendorExchanges.Bucket(
                  LocalDeployment.CHECK_BUCKET, owners.id(), owners.secret()),
              cloud == Cloud.AWS ? ROLE : null,
              VendorExchanges.CONTAINER,
              () -> Thread.sleep(200));
      if (cloud == Cloud.AWS) {
        externalId.set(exchanges.externalId());
      }
      exchanges.settings();
      exchanges.refusedSettings();
      exchanges.restores();
      assertThat(sts.requests().stream().anyMatch(asked -> asked.text().contains("111122223333")))
          .isEqualTo(cloud == Cloud.AWS);
    }
  }

  private static Map<String, String> variables(StubServer sts, EmbeddedAzure azure) {
    Map<String, String> variables = new HashMap<>(azure.environment());
    variables.put("ARCHIVE_ACCESS_ROLE_ARN", ACCESS_ROLE);
    variables.put("AWS_ENDPOINT_URL_STS", sts.endpoint().toString());
    return variables;
  }

  /** STS, which gives the one key that opens the embedded S3 to whoever may assume the role. */
  private static Reply session(
      Request request, AtomicReference<AccessKey> key, AtomicReference<String> externalId) {
    String asked = URLDecoder.decode(request.text(), StandardCharsets.UTF_8) + "&";
    boolean trusted =
        asked.contains("RoleArn=" + ACCESS_ROLE + "&")
            || (asked.contains("RoleArn=" + ROLE + "&")
                && asked.contains("ExternalId=" + externalId.get() + "&"));
    if (!trusted) {
      return Reply.Whole.of(
              403,
              "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>"
                  + "<Message>not trusted</Message></Error><RequestId>1</RequestId></ErrorResponse>")
          .with("Content-Type", "text/xml");
    }
    return Reply.Whole.of(
            200,
            """
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
            <AssumeRoleResult><Credentials><AccessKeyId>%s</AccessKeyId>
            <SecretAccessKey>%s</SecretAccessKey><SessionToken>planted-session-token</SessionToken>
            <Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""
                .formatted(
                    key.get().id(),
                    key.get().secret(),
                    Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS)))
        .with("Content-Type", "text/xml");
  }
}
