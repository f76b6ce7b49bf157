package io.logarchive.local;

import com.microsoft.azure.functions.ExecutionContext;
import java.util.logging.Logger;

/** What the Functions host tells a function of one invocation. */
record HostCall(String function, String id) implements ExecutionContext {
  @Override
  public Logger getLogger() {
    return Logger.getLogger(function);
  }

  @Override
  public String getInvocationId() {
    return id;
  }

  @Override
  public String getFunctionName() {
    return function;
  }
}
