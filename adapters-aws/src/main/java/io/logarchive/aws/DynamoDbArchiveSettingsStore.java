package io.logarchive.aws;

import io.logarchive.account.Uid;
import io.logarchive.archive.ArchiveSettings;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.archive.BucketClaim;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.S3Settings;
import io.logarchive.archive.SealedSecret;
import io.logarchive.format.Compression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Archive settings and bucket claims in the deployment's table. */
public final class DynamoDbArchiveSettingsStore implements ArchiveSettingsStore {
  private final DynamoDbTable table;

  public DynamoDbArchiveSettingsStore(DynamoDbTable table) {
    this.table = table;
  }

  @Override
  public Optional<ArchiveSettings> find(int accountId) {
    return table.find(Keys.settings(accountId)).map(DynamoDbArchiveSettingsStore::settings);
  }

  @Override
  public Optional<BucketClaim> findClaim(String key) {
    return table.find(Keys.claim(key)).map(DynamoDbArchiveSettingsStore::claim);
  }

  @Override
  public Saved save(ArchiveSettings settings, BucketClaim claim) {
    List<DynamoDbTable.Write> writes = new ArrayList<>();
    writes.add(DynamoDbTable.Write.version(item(settings), settings.version()));
    writes.add(DynamoDbTable.Write.version(item(claim), claim.version()));
    if (settings.version() == 1) {
      writes.add(DynamoDbTable.Write.first(Keys.id(settings.id()).item().text("kind", "settings")));
    }
    List<Integer> failed = table.changeAll(writes);
    if (failed.isEmpty()) {
      return Saved.YES;
    }
    return failed.equals(List.of(2)) ? Saved.ID_TAKEN : Saved.CHANGED;
  }

  @Override
  public boolean remove(ArchiveSettings settings, BucketClaim claim) {
    return table
        .changeAll(
            List.of(
                DynamoDbTable.Removal.version(
                    Keys.settings(settings.accountId()), settings.version()),
                DynamoDbTable.Write.version(item(claim), claim.version())))
        .isEmpty();
  }

  private static Attributes item(ArchiveSettings settings) {
    S3Settings s3 = settings.s3();
    return Keys.settings(settings.accountId())
        .item()
        .number("id", settings.id())
        .number("accountId", settings.accountId())
        .text("accountUid", settings.accountUid().value())
        .text("storage", "S3")
        .text("path", s3.path())
        .text("bucket", s3.location().bucket())
        .text("prefix", s3.location().prefix())
        .text("accessKey", s3.accessKey())
        .text("secretKeySealedBy", s3.secretKey().keyId())
        .bytes("secretKeySealed", s3.secretKey().bytes())
        .flag("enabled", settings.enabled())
        .text("compression", settings.compression().name())
        .time("createdAt", settings.createdAt());
  }

  private static ArchiveSettings settings(Attributes item) {
    return new ArchiveSettings(
        item.integer("id"),
        item.integer("accountId"),
        new Uid(item.text("accountUid")),
        new S3Settings(
            item.text("path"),
            new S3Location(item.text("bucket"), item.text("prefix")),
            item.text("accessKey"),
            new SealedSecret(item.text("secretKeySealedBy"), item.bytes("secretKeySealed"))),
        item.flag("enabled"),
        Compression.valueOf(item.text("compression")),
        item.time("createdAt"),
        item.number(DynamoDbTable.VERSION));
  }

  private static Attributes item(BucketClaim claim) {
    return Keys.claim(claim.key())
        .item()
        .text("key", claim.key())
        .list(
            "holders",
            List.copyOf(claim.holders().entrySet()),
            holder ->
                Attributes.empty()
                    .text("prefix", holder.getKey())
                    .number("accountId", holder.getValue()));
  }

  private static BucketClaim claim(Attributes item) {
    Map<String, Integer> holders =
        item.list("holders", holder -> holder).stream()
            .collect(
                Collectors.toMap(
                    holder -> holder.text("prefix"), holder -> holder.integer("accountId")));
    return new BucketClaim(item.text("key"), holders, item.number(DynamoDbTable.VERSION));
  }
}
