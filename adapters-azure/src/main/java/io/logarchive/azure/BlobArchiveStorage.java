package io.logarchive.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.rest.PagedResponse;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.AccessTier;
import com.azure.storage.blob.models.BlobHttpHeaders;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.DownloadRetryOptions;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.specialized.BlockBlobClient;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.Content;
import io.logarchive.archive.ObjectInfo;
import io.logarchive.archive.Page;
import io.logarchive.azure.AzureFault.Effect;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An archive in a container of an Azure storage account: block blobs, each written in one call. */
final class BlobArchiveStorage implements ArchiveStorage {
  private static final String PUT = "PutBlob";
  private static final String GET = "GetBlob";
  private static final String LIST = "ListBlobs";

  /** What a write to a name says if a blob is there, whatever keeps it as it is. */
  private static final Set<String> EXISTS =
      Set.of(
          "BlobAlreadyExists",
          "ConditionNotMet",
          "BlobImmutableDueToPolicy",
          "BlobImmutableDueToLegalHold",
          "BlobArchived",
          "BlobBeingRehydrated");

  private static final int FIRST_BUFFER = 1 << 16;

  private final BlobContainerClient container;
  private final String root;
  private final Runnable signIn;
  private final DownloadRetryOptions resumptions;
  private final int pageSize;

  /**
   * @param signIn throws what refuses a token to who calls
   * @param resumptions how often a read goes on behind where its reply broke off
   */
  BlobArchiveStorage(
      BlobContainerClient container,
      String prefix,
      Runnable signIn,
      int resumptions,
      int pageSize) {
    this.container = container;
    this.root = prefix.isEmpty() ? "" : prefix + "/";
    this.signIn = signIn;
    this.resumptions = new DownloadRetryOptions().setMaxRetryRequests(resumptions);
    this.pageSize = pageSize;
  }

  @Override
  public boolean putIfAbsent(String key, Content content) {
    return call(
        PUT,
        Effect.WRITE,
        context -> {
          try {
            upload(key, content, new BlobRequestConditions().setIfNoneMatch("*"), context);
            return true;
          } catch (HttpResponseException e) {
            if (EXISTS.contains(AzureFault.code(e))) {
              return false;
            }
            throw e;
          }
        });
  }

  @Override
  public void put(String key, Content content) {
    call(
        PUT,
        Effect.WRITE,
        context -> {
          upload(key, content, new BlobRequestConditions(), context);
          return true;
        });
  }

  @Override
  public byte[] get(String key, long from, int most) {
    if (from < 0 || most < 1) {
      throw new IllegalArgumentException("No range: " + most + " bytes from " + from);
    }
    return call(
        GET,
        Effect.READ,
        context -> {
          try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.min(most, FIRST_BUFFER));
            blob(key)
                .downloadStreamWithResponse(
                    bytes,
                    new BlobRange(from, (long) most),
                    resumptions,
                    null,
                    false,
                    null,
                    context);
            return bytes.toByteArray();
          } catch (HttpResponseException e) {
            if (AzureFault.status(e) == 416) {
              return new byte[0];
            }
            throw e;
          }
        });
  }

  @Override
  public Page list(String prefix, @Nullable String pageToken) {
    return page(prefix, pageToken, pageSize);
  }

  /**
   * Asks for a listing: what it says of a blob is then the same. The blob is the first in it, but
   * pages before may be empty.
   */
  @Override
  public Optional<ObjectInfo> head(String key) {
    Page page;
    String next = null;
    do {
      page = page(key, next, 1);
      next = page.next();
    } while (page.objects().isEmpty() && next != null);
    return page.objects().stream().filter(info -> info.key().equals(key)).findFirst();
  }

  private Page page(String prefix, @Nullable String pageToken, int most) {
    PagedResponse<BlobItem> page = blobs(prefix, pageToken, most);
    String next = page.getContinuationToken();
    return new Page(
        page.getValue().stream().map(this::info).toList(),
        next == null || next.isEmpty() ? null : next);
  }

  private PagedResponse<BlobItem> blobs(String prefix, @Nullable String pageToken, int most) {
    return call(
        LIST,
        Effect.READ,
        context -> {
          Iterator<PagedResponse<BlobItem>> pages =
              container
                  .listBlobs(
                      new ListBlobsOptions().setPrefix(root + prefix).setMaxResultsPerPage(most),
                      pageToken,
                      null)
                  .iterableByPage()
                  .iterator();
          return pages.next();
        });
  }

  private ObjectInfo info(BlobItem item) {
    AccessTier tier = item.getProperties().getAccessTier();
    return new ObjectInfo(
        item.getName().substring(root.length()),
        item.getProperties().getContentLength(),
        tier == null ? "Hot" : tier.toString(),
        !AccessTier.ARCHIVE.equals(tier));
  }

  private void upload(
      String key, Content content, BlobRequestConditions conditions, Context context) {
    blob(key)
        .uploadWithResponse(
            new BlockBlobSimpleUploadOptions(body(content.parts()))
                .setHeaders(new BlobHttpHeaders().setContentType(content.type()))
                .setContentMd5(md5(content.parts()))
                .setRequestConditions(conditions),
            null,
            context);
  }

  private BlockBlobClient blob(String key) {
    return container.getBlobClient(root + key).getBlockBlobClient();
  }

  private static BinaryData body(List<byte[]> parts) {
    return BinaryData.fromListByteBuffer(
        parts.stream().filter(part -> part.length > 0).map(ByteBuffer::wrap).toList());
  }

  /** The one checksum that every version of the service compares with what came. */
  private static byte[] md5(List<byte[]> parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      parts.forEach(digest::update);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has MD5", e);
    }
  }

  private <T> T call(String operation, Effect effect, Function<Context, T> call) {
    // Before each call, so that what Entra refuses is told apart from what the container refuses.
    signIn.run();
    AtomicBoolean lost = new AtomicBoolean();
    try {
      return call.apply(LostReplies.noting(lost));
    } catch (RuntimeException e) {
      throw AzureFault.of(operation, effect, e, lost.get());
    }
  }
}
