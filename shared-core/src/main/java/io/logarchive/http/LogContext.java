package io.logarchive.http;

import org.slf4j.MDC;

/**
 * Whom the work at hand is for: said by every log line of its thread. The entry point clears it
 * when the work is over. Ids and codes only, never what a customer wrote.
 */
public final class LogContext {
  private LogContext() {}

  public static void account(int accountId) {
    MDC.put("accountId", Integer.toString(accountId));
  }

  public static void restore(int restoreId) {
    MDC.put("restoreId", Integer.toString(restoreId));
  }

  /**
   * @param template such as {@code /archive/restore/{id}}
   */
  static void route(String template) {
    MDC.put("route", template);
  }
}
