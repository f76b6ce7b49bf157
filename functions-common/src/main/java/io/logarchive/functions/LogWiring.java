package io.logarchive.functions;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Sends log lines to standard output, which the platform keeps. Logback finds it as a service; a
 * file of its own kind would have every function parse XML when it starts.
 */
public final class LogWiring extends ContextAwareBase implements Configurator {

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    JsonLines lines = new JsonLines();
    lines.setContext(context);
    lines.start();
    ConsoleAppender<ILoggingEvent> out = new ConsoleAppender<>();
    out.setName("stdout");
    out.setContext(context);
    out.setEncoder(lines);
    out.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(System.getenv("LOG_LEVEL"), Level.INFO));
    root.addAppender(out);
    // It logs as an error whatever is not 2xx, be it that something is not there yet.
    context.getLogger("com.azure").setLevel(Level.OFF);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
