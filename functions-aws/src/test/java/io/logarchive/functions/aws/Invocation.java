package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import org.jspecify.annotations.Nullable;

/** What Lambda tells a handler of one call. */
record Invocation(String id, int remainingMillis, @Nullable String traceHeader) implements Context {
  Invocation(String id, int remainingMillis) {
    this(id, remainingMillis, null);
  }

  static Invocation of(String id) {
    return new Invocation(id, 900_000);
  }

  static Invocation traced(String id, String traceHeader) {
    return new Invocation(id, 900_000, traceHeader);
  }

  @Override
  public @Nullable String getXrayTraceId() {
    return traceHeader;
  }

  @Override
  public String getAwsRequestId() {
    return id;
  }

  @Override
  public String getFunctionName() {
    return "function-1";
  }

  @Override
  public int getRemainingTimeInMillis() {
    return remainingMillis;
  }

  @Override
  public String getLogGroupName() {
    return "/aws/lambda/function-1";
  }

  @Override
  public String getLogStreamName() {
    return "stream-1";
  }

  @Override
  public String getFunctionVersion() {
    return "$LATEST";
  }

  @Override
  public String getInvokedFunctionArn() {
    return "arn:aws:lambda:eu-central-1:123456789012:function:function-1";
  }

  @Override
  public @Nullable CognitoIdentity getIdentity() {
    return null;
  }

  @Override
  public @Nullable ClientContext getClientContext() {
    return null;
  }

  @Override
  public int getMemoryLimitInMB() {
    return 1_024;
  }

  @Override
  public LambdaLogger getLogger() {
    throw new UnsupportedOperationException("Functions log through SLF4J");
  }
}
