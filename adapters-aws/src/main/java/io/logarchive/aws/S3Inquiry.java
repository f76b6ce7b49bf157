package io.logarchive.aws;

import io.logarchive.archive.BucketInquiry;
import io.logarchive.aws.AwsFault.Effect;
import io.logarchive.fault.ServiceException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.RequestCharged;
import software.amazon.awssdk.services.s3.model.RequestPayer;

/** What a bucket's replies tell beside their bodies. */
final class S3Inquiry implements BucketInquiry {
  private static final String REGION = "x-amz-bucket-region";

  private final S3Client client;
  private final String bucket;
  private final String prefix;
  private final Supplier<AwsCredentialsProvider> credentials;
  private final Runnable assumption;
  private final Function<AwsCredentialsProvider, Optional<String>> account;

  /**
   * @param assumption assumes the login's role, if it has one
   * @param account finds out whose credentials these are
   */
  S3Inquiry(
      S3Client client,
      String bucket,
      String prefix,
      Supplier<AwsCredentialsProvider> credentials,
      Runnable assumption,
      Function<AwsCredentialsProvider, Optional<String>> account) {
    this.client = client;
    this.bucket = bucket;
    this.prefix = prefix;
    this.credentials = credentials;
    this.assumption = assumption;
    this.account = account;
  }

  @Override
  public void assumeRole() {
    assumption.run();
  }

  @Override
  public Optional<String> callerAccount() {
    return account.apply(credentials.get());
  }

  /** A refusal tells it too. */
  @Override
  public Optional<String> region() {
    return AwsFault.call(
        "HeadBucket",
        Effect.READ,
        () -> {
          try {
            return header(
                client
                    .headBucket(head -> head.bucket(bucket).overrideConfiguration(signed()))
                    .sdkHttpResponse());
          } catch (AwsServiceException e) {
            Optional<String> told =
                Optional.ofNullable(e.awsErrorDetails())
                    .flatMap(details -> Optional.ofNullable(details.sdkHttpResponse()))
                    .flatMap(S3Inquiry::header);
            if (told.isEmpty() && e.statusCode() >= 500) {
              throw e;
            }
            return told;
          }
        });
  }

  @Override
  public boolean requesterPays() {
    try {
      ListObjectsV2Response reply =
          AwsFault.call(
              "ListObjectsV2",
              Effect.READ,
              () ->
                  client.listObjectsV2(
                      list ->
                          list.bucket(bucket)
                              .prefix(prefix)
                              .maxKeys(1)
                              .requestPayer(RequestPayer.REQUESTER)
                              .overrideConfiguration(signed())));
      return reply.requestCharged() == RequestCharged.REQUESTER;
    } catch (ServiceException.Denied e) {
      return false;
    }
  }

  private AwsRequestOverrideConfiguration signed() {
    return AwsRequestOverrideConfiguration.builder().credentialsProvider(credentials.get()).build();
  }

  private static Optional<String> header(SdkHttpResponse reply) {
    return reply.firstMatchingHeader(REGION);
  }
}
