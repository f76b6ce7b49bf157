package io.logarchive.functions;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Writes each log event as a line of JSON, which queries of CloudWatch and of Application Insights
 * take apart.
 */
public final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};
  private static final Pattern NUMBER = Pattern.compile("0|[1-9]\\d{0,17}");

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    JsonObject.Builder line =
        JsonObject.builder()
            .put("time", event.getInstant().toString())
            .put("level", event.getLevel().toString())
            .put("logger", event.getLoggerName())
            .put("message", event.getFormattedMessage());
    event.getMDCPropertyMap().forEach((key, value) -> context(line, key, value));
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        put(line, pair.key, pair.value);
      }
    }
    if (event.getThrowableProxy() != null) {
      line.put("exception", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    bytes.writeBytes(line.build().bytes());
    bytes.write('\n');
    return bytes.toByteArray();
  }

  /** A context holds texts only; ids are numbers wherever else they are logged. */
  private static void context(JsonObject.Builder line, String key, String value) {
    if (NUMBER.matcher(value).matches()) {
      line.put(key, Long.parseLong(value));
    } else {
      line.put(key, value);
    }
  }

  private static void put(JsonObject.Builder line, String key, @Nullable Object value) {
    switch (Objects.requireNonNullElse(value, "null")) {
      case Integer number -> line.put(key, number);
      case Long number -> line.put(key, number);
      case Boolean bool -> line.put(key, bool);
      case JsonValue json -> line.put(key, json);
      default -> line.put(key, String.valueOf(value));
    }
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
