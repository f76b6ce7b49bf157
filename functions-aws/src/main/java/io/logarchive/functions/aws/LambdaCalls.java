package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import io.logarchive.functions.Invocations;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Lambda tells of an invocation. */
final class LambdaCalls {
  private static final Pattern TRACE_ROOT = Pattern.compile("(?:^|;)Root=([0-9a-f-]+)");

  private LambdaCalls() {}

  static Invocations.Call of(Context context) {
    return new Invocations.Call(
        context.getAwsRequestId(), context.getFunctionName(), traceId(context).orElse(null));
  }

  /** The id of a trace in the header that Lambda has it from; sampled or not. */
  private static Optional<String> traceId(Context context) {
    return Optional.ofNullable(context.getXrayTraceId())
        .map(TRACE_ROOT::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1));
  }
}
