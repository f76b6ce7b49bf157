package io.logarchive.functions.azure;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.TraceContext;
import java.util.Map;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What the host tells a function of one invocation. */
record HostCall(String id, @Nullable String traceParent) implements ExecutionContext {
  static HostCall of(String id) {
    return new HostCall(id, null);
  }

  @Override
  public Logger getLogger() {
    throw new UnsupportedOperationException("Functions log through SLF4J");
  }

  @Override
  public String getInvocationId() {
    return id;
  }

  @Override
  public String getFunctionName() {
    return "function-1";
  }

  @Override
  public TraceContext getTraceContext() {
    return new TraceContext() {
      @Override
      public @Nullable String getTraceparent() {
        return traceParent;
      }

      @Override
      public String getTracestate() {
        return "";
      }

      @Override
      public Map<String, String> getAttributes() {
        return Map.of();
      }
    };
  }
}
