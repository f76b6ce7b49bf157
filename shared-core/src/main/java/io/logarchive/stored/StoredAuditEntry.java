package io.logarchive.stored;

import io.logarchive.audit.AuditEntry;
import io.logarchive.audit.AuditEntry.Action;
import io.logarchive.audit.AuditEntry.Actor;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An audit entry as it is stored. */
public final class StoredAuditEntry {
  private StoredAuditEntry() {}

  /** What it tells of is text in it: numbers keep the digits that they came with. */
  public static Stored of(AuditEntry entry) {
    return Stored.empty()
        .time("at", entry.at())
        .text("unique", entry.unique())
        .map("by", entry.by(), StoredAuditEntry::of)
        .number("accountId", entry.accountId())
        .text("action", entry.action().text())
        .number("subjectId", entry.subjectId())
        .text("before", json(entry.before()))
        .text("after", json(entry.after()))
        .text("requestId", entry.requestId());
  }

  public static AuditEntry read(Stored stored) {
    return new AuditEntry(
        stored.time("at"),
        stored.text("unique"),
        stored.map("by", StoredAuditEntry::actor),
        stored.integer("accountId"),
        Action.of(stored.text("action")),
        stored.integer("subjectId"),
        json(stored, "before"),
        json(stored, "after"),
        stored.optionalText("requestId"));
  }

  private static Stored of(Actor actor) {
    return switch (actor) {
      case Actor.Token token ->
          Stored.empty()
              .text("kind", "token")
              .number("accountId", token.accountId())
              .number("tokenId", token.tokenId());
      case Actor.Admin admin -> Stored.empty().text("kind", "admin");
      case Actor.Deployment deployment -> Stored.empty().text("kind", "deployment");
      case Actor.Event event -> Stored.empty().text("kind", "event").text("eventId", event.id());
    };
  }

  private static Actor actor(Stored by) {
    return switch (by.text("kind")) {
      case "token" -> new Actor.Token(by.integer("accountId"), by.integer("tokenId"));
      case "admin" -> new Actor.Admin();
      case "deployment" -> new Actor.Deployment();
      case "event" -> new Actor.Event(by.text("eventId"));
      default -> throw new IllegalStateException("No kind of actor: " + by.text("kind"));
    };
  }

  private static @Nullable String json(@Nullable JsonObject value) {
    return value == null ? null : Json.text(value);
  }

  private static @Nullable JsonObject json(Stored stored, String name) {
    String text = stored.optionalText(name);
    return text == null ? null : Json.object(text.getBytes(StandardCharsets.UTF_8));
  }
}
