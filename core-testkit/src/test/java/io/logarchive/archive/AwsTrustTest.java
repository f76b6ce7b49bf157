package io.logarchive.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.http.ApiResponse;
import io.logarchive.json.Json;
import io.logarchive.testkit.InMemoryDeployment;
import io.logarchive.testkit.InMemoryDeployment.Customer;
import io.logarchive.testkit.InMemoryDeployment.Options;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsTrustTest {
  private static final String KEY = "arn:aws:kms:eu-central-1:111122223333:key/mrk-0123abcd";

  private final InMemoryDeployment deployment = new InMemoryDeployment();
  private final Customer customer = deployment.customer("customer");

  @Test
  void policiesAreReadyToPaste() {
    ApiResponse reply = trust(customer, "bucket=my-logs");
    String externalId = text(reply, "externalId");

    assertThat(externalId).matches("logarchive-[0-9a-f]{32}");
    assertThat(reply.bodyText())
        .isEqualTo(
            ("{'accountId':'999999999999',"
                    + "'principalArn':'arn:aws:iam::999999999999:role/logs-archive-access',"
                    + "'externalId':'ID',"
                    + "'trustPolicy':{'Version':'2012-10-17','Statement':[{'Effect':'Allow',"
                    + "'Principal':{'AWS':'arn:aws:iam::999999999999:role/logs-archive-access'},"
                    + "'Action':'sts:AssumeRole',"
                    + "'Condition':{'StringEquals':{'sts:ExternalId':'ID'}}}]},"
                    + "'permissionsPolicy':{'Version':'2012-10-17','Statement':["
                    + "{'Effect':'Allow','Action':['s3:PutObject','s3:GetObject'],"
                    + "'Resource':'arn:aws:s3:::my-logs/*'},"
                    + "{'Effect':'Allow','Action':'s3:ListBucket',"
                    + "'Resource':'arn:aws:s3:::my-logs'}]}}")
                .replace('\'', '"')
                .replace("ID\"", externalId + "\""));
  }

  @Test
  void aPrefixNarrowsThemAndAKeyIsAllowedToo() {
    assertThat(trust(customer, "bucket=my-logs&prefix=a/b/&kmsKeyArn=" + KEY).bodyText())
        .contains(
            "\"Resource\":\"arn:aws:s3:::my-logs/a/b/*\"",
            "\"Condition\":{\"StringLike\":{\"s3:prefix\":\"a/b/*\"}}",
            "{\"Effect\":\"Allow\",\"Action\":[\"kms:GenerateDataKey\",\"kms:Decrypt\"],"
                + "\"Resource\":\""
                + KEY
                + "\"}");
  }

  @Test
  void anAccountHasItsOwnExternalIdForEveryBucket() {
    String own = text(trust(customer, "bucket=my-logs"), "externalId");

    assertThat(text(trust(customer, "bucket=others"), "externalId")).isEqualTo(own);
    assertThat(text(trust(deployment.customer("another"), "bucket=my-logs"), "externalId"))
        .isNotEqualTo(own);
  }

  @ParameterizedTest
  @CsvSource({
    "'', bucket is required",
    "bucket=My_Logs, bucket must start with the name of a general purpose bucket",
    "bucket=my-logs/a, bucket must start with the name of a general purpose bucket",
    "bucket=my-logs&prefix=a//b, prefix may not have an empty",
    "bucket=my-logs&prefix=dt=1, prefix may not have a segment",
    "bucket=my-logs&kmsKeyArn=alias/mine, kmsKeyArn must be the ARN of a key",
    "bucket=my-logs&kmsKeyArn=arn:aws:kms:eu-central-1:111122223333:key/*,"
        + " kmsKeyArn must be the ARN of a key",
  })
  void whatIsNotAcceptedIsNamed(String query, String message) {
    ApiResponse reply = trust(customer, query.isEmpty() ? "x=y" : query);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.bodyText()).contains(message);
  }

  @Test
  void aDeploymentWithoutAnIdentityOnAwsNamesAccessKeys() {
    InMemoryDeployment local = new InMemoryDeployment(new Options().withoutAws());
    ApiResponse reply =
        local.settings(
            "GET",
            "/v2/archive/settings/aws-trust?bucket=my-logs",
            local.customer("customer").apiToken(),
            "");

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.bodyText()).contains("NO_AWS_IDENTITY", "use access keys");
  }

  @Test
  void aTokenAndItsScopeAreAskedFor() {
    String path = "/v2/archive/settings/aws-trust?bucket=my-logs";

    assertThat(deployment.settings("GET", path, "", "").status()).isEqualTo(401);
    assertThat(deployment.settings("GET", path, customer.shippingToken(), "").status())
        .isEqualTo(403);
  }

  @Test
  void wildcardsInAPrefixAreNoneInAPolicy() {
    BucketPolicies policies =
        new BucketPolicies("aws-cn", new S3Location("my-logs", "a*b?c$d/ü/\u4e16"));

    assertThat(Json.text(policies.permissions(null)))
        .contains("\"arn:aws-cn:s3:::my-logs/a${*}b${?}c${$}d/ü/*/*\"");
  }

  @Test
  void theSessionOfALongPrefixIsNarrowedToTheBucket() {
    assertThat(new BucketPolicies("aws", new S3Location("my-logs", "long/prefix")).session())
        .hasSizeLessThan(2_048)
        .contains("my-logs/long/prefix/*");
    assertThat(new BucketPolicies("aws", new S3Location("my-logs", "*".repeat(512))).session())
        .hasSizeLessThan(2_048)
        .contains("\"arn:aws:s3:::my-logs/*\"");
  }

  private ApiResponse trust(Customer asking, String query) {
    return deployment.settings(
        "GET", "/v2/archive/settings/aws-trust?" + query, asking.apiToken(), "");
  }

  private static String text(ApiResponse reply, String name) {
    return InMemoryDeployment.text(InMemoryDeployment.object(reply), name);
  }
}
