package io.logarchive.functions.azure;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.TraceContext;
import io.logarchive.functions.Invocations;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the host tells of an invocation. */
final class Calls {
  /** As the W3C has it: version, trace, span, flags. */
  private static final Pattern TRACE_PARENT =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");

  private Calls() {}

  static Invocations.Call of(ExecutionContext context) {
    return new Invocations.Call(
        context.getInvocationId(), context.getFunctionName(), traceId(context.getTraceContext()));
  }

  private static @Nullable String traceId(@Nullable TraceContext trace) {
    String parent = trace == null ? null : trace.getTraceparent();
    Matcher parts = TRACE_PARENT.matcher(parent == null ? "" : parent);
    return parts.matches() ? parts.group(1) : null;
  }
}
