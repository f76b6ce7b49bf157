package io.logarchive.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Makes the SDK's clients for the adapters. They share one HTTP client, and none calls anything
 * before it is asked to, so that a snapshot of the process holds no connection and no credential.
 */
public final class AwsClients {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration SILENCE = Duration.ofSeconds(20);
  private static final Duration BRIEF_CALL = Duration.ofSeconds(4);

  /**
   * With its retries: a request with logs reads the proof and puts its objects, all at once, and
   * must still be answered within 120 s. The largest object that the product writes has 128 MiB
   * when it is not compressed at all, for which 3 MB a second will do.
   */
  private static final Duration OBJECT_CALL = Duration.ofSeconds(50);

  private static final Duration SMALL_CALL_ATTEMPT = Duration.ofSeconds(5);
  private static final Duration SMALL_CALL = Duration.ofSeconds(20);

  private static final Duration FIRST_WAIT = Duration.ofMillis(50);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
  private static final int CONTENDED_ATTEMPTS = 8;
  private static final Set<String> PASSING_CANCELLATIONS =
      Set.of("ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict");

  private final Region region;
  private final AwsCredentialsProvider credentials;
  private final AwsEndpoints endpoints;
  private final SdkHttpClient http =
      UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(SILENCE).build();

  /**
   * @param region of all services, such as {@code eu-central-1}
   * @param credentials the deployment's own
   */
  public AwsClients(String region, AwsCredentialsProvider credentials, AwsEndpoints endpoints) {
    this.region = Region.of(region);
    this.credentials = credentials;
    this.endpoints = endpoints;
  }

  /** Retries what may pass, for at most 50 seconds. */
  S3Client retryingS3() {
    RetryStrategy retries =
        AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .retryOnException(AwsClients::isConcurrentPut)
            .build();
    return s3(
        ClientOverrideConfiguration.builder()
            .retryStrategy(retries)
            .apiCallTimeout(OBJECT_CALL)
            .build());
  }

  /** Tries once, for at most 4 seconds. */
  S3Client briefS3() {
    return s3(
        ClientOverrideConfiguration.builder()
            .retryStrategy(AwsRetryStrategy.doNotRetry())
            .apiCallTimeout(BRIEF_CALL)
            // A connection of its own: one that was used before may have ended since.
            .putHeader("Connection", "close")
            .build());
  }

  DynamoDbClient dynamoDb() {
    // Without the quota on retries: writers who meet at one record must not use up everybody's.
    StandardRetryStrategy retries =
        AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .maxAttempts(CONTENDED_ATTEMPTS)
            .circuitBreakerEnabled(false)
            .backoffStrategy(BackoffStrategy.exponentialDelay(FIRST_WAIT, LONGEST_WAIT))
            .throttlingBackoffStrategy(BackoffStrategy.exponentialDelay(FIRST_WAIT, LONGEST_WAIT))
            .retryOnException(AwsClients::isPassingCancellation)
            .build();
    return configured(DynamoDbClient.builder().httpClient(http), endpoints.dynamoDb())
        .overrideConfiguration(smallCalls(retries))
        .build();
  }

  SfnClient stepFunctions() {
    return configured(SfnClient.builder().httpClient(http), endpoints.stepFunctions())
        .overrideConfiguration(smallCalls(AwsRetryStrategy.standardRetryStrategy()))
        .build();
  }

  KmsClient kms() {
    return configured(KmsClient.builder().httpClient(http), endpoints.kms())
        .overrideConfiguration(smallCalls(AwsRetryStrategy.standardRetryStrategy()))
        .build();
  }

  SecretsManagerClient secretsManager() {
    return configured(SecretsManagerClient.builder().httpClient(http), endpoints.secretsManager())
        .overrideConfiguration(smallCalls(AwsRetryStrategy.standardRetryStrategy()))
        .build();
  }

  /** Of the region, not the global one, which is one region's too. */
  StsClient sts(AwsCredentialsProvider caller) {
    return configured(StsClient.builder().httpClient(http), endpoints.sts())
        .credentialsProvider(caller)
        .overrideConfiguration(smallCalls(AwsRetryStrategy.standardRetryStrategy()))
        .build();
  }

  /** Tries once, for at most 4 seconds. */
  StsClient briefSts(AwsCredentialsProvider caller) {
    return configured(StsClient.builder().httpClient(http), endpoints.sts())
        .credentialsProvider(caller)
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .retryStrategy(AwsRetryStrategy.doNotRetry())
                .apiCallTimeout(BRIEF_CALL)
                .build())
        .build();
  }

  /** Whether the storages are AWS's, or STS at least is one that belongs to them. */
  boolean knowsCallers() {
    return endpoints.s3() == null || endpoints.sts() != null;
  }

  AwsCredentialsProvider credentials() {
    return credentials;
  }

  private S3Client s3(ClientOverrideConfiguration configuration) {
    URI endpoint = endpoints.s3();
    // The whole body is signed, or over TLS none of it: a body signed in chunks needs an encoding
    // that some stores keep with the object. Checksums and announcements are the adapter's own.
    return configured(S3Client.builder().httpClient(http), endpoint)
        .forcePathStyle(endpoint != null)
        .crossRegionAccessEnabled(true)
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .serviceConfiguration(
            service -> service.chunkedEncodingEnabled(false).expectContinueEnabled(false))
        .overrideConfiguration(configuration)
        .build();
  }

  private static ClientOverrideConfiguration smallCalls(RetryStrategy retries) {
    return ClientOverrideConfiguration.builder()
        .retryStrategy(retries)
        .apiCallAttemptTimeout(SMALL_CALL_ATTEMPT)
        .apiCallTimeout(SMALL_CALL)
        .build();
  }

  private <B extends AwsClientBuilder<B, ?>> B configured(B builder, @Nullable URI endpoint) {
    builder.region(region).credentialsProvider(credentials);
    return endpoint == null ? builder : builder.endpointOverride(endpoint);
  }

  /** S3 refuses one of two conditional puts that meet, without saying which of them won. */
  private static boolean isConcurrentPut(Throwable failure) {
    return failure instanceof AwsServiceException service
        && service.statusCode() == 409
        && "ConditionalRequestConflict".equals(service.awsErrorDetails().errorCode());
  }

  /**
   * Transactions that meet, or find the table busy, are cancelled; no use in another try where a
   * condition has decided already.
   */
  private static boolean isPassingCancellation(Throwable failure) {
    return switch (failure) {
      case TransactionConflictException conflict -> true;
      case TransactionInProgressException inProgress -> true;
      case TransactionCanceledException cancelled ->
          has(cancelled, PASSING_CANCELLATIONS)
              && !has(cancelled, Set.of("ConditionalCheckFailed"));
      default -> false;
    };
  }

  private static boolean has(TransactionCanceledException cancelled, Set<String> reasons) {
    return cancelled.cancellationReasons().stream().anyMatch(each -> reasons.contains(each.code()));
  }
}
