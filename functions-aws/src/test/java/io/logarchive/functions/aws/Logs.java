package io.logarchive.functions.aws;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.logarchive.functions.JsonLines;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** The product's own lines that one thread logs while this is open. */
final class Logs extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.logarchive");
  private final String thread = Thread.currentThread().getName();
  private final JsonLines encoder = new JsonLines();
  private final List<JsonObject> lines = new CopyOnWriteArrayList<>();

  static Logs open() {
    Logs logs = new Logs();
    logs.start();
    logs.logger.setLevel(Level.INFO);
    logs.logger.addAppender(logs);
    return logs;
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (event.getThreadName().equals(thread)) {
      lines.add(Json.object(encoder.encode(event)));
    }
  }

  List<JsonObject> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setLevel(null);
  }
}
