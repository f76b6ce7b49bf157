package io.logarchive.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.AccessToken;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.BlobLocation;
import io.logarchive.archive.ObjectInfo;
import io.logarchive.fault.ServiceException;
import io.logarchive.testkit.ArchiveStorageFailureContract;
import io.logarchive.testkit.RecordingArchiveStorage.Operation;
import io.logarchive.testkit.StubServer;
import io.logarchive.testkit.StubServer.Reply;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Over plain HTTP, on which the SDK sends no token. */
final class BlobArchiveStorageFailureTest implements ArchiveStorageFailureContract {
  private static final String XML = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";

  @Override
  public ArchiveStorage storage(URI endpoint, Patience patience) {
    AzureClients clients =
        new AzureClients(new AzureEndpoints(null, endpoint), HttpClient::newBuilder);
    AppToken token =
        new AppToken(
            request ->
                Mono.just(
                    new AccessToken(secret(), OffsetDateTime.now(ZoneOffset.UTC).plusHours(1))),
            AppToken.STORAGE,
            Duration.ofSeconds(4));
    return new BlobArchiveStorage(
        clients
            .container(new BlobLocation("account", "container", "logs"), patience)
            .setAnonymousAccess()
            .buildClient(),
        "logs",
        token::ensure,
        patience == Patience.BRIEF ? 0 : 2,
        100);
  }

  @Override
  public String secret() {
    return "planted-token";
  }

  @Override
  public Reply.Whole failure(int status, String code, String requestId) {
    return Reply.Whole.of(
            status, XML + "<Error><Code>" + code + "</Code><Message>Said by it</Message></Error>")
        .with("Content-Type", "application/xml")
        .with("x-ms-error-code", code)
        .with("x-ms-request-id", requestId);
  }

  @Override
  public String missingBucketCode() {
    return "ContainerNotFound";
  }

  @Override
  public String throttledCode() {
    return "ServerBusy";
  }

  @Override
  public Reply.Whole success(Operation operation) {
    return switch (operation) {
      case PUT, PUT_IF_ABSENT ->
          Reply.Whole.of(201, "")
              .with("ETag", "\"0x1\"")
              .with("Last-Modified", "Tue, 24 Nov 2026 09:00:00 GMT")
              .with("x-ms-request-id", "OK");
      case GET ->
          Reply.Whole.of(206, "{\"a\":1}\n")
              .with("Content-Type", "application/x-ndjson")
              .with("Content-Range", "bytes 0-7/8")
              .with("ETag", "\"0x1\"")
              .with("Last-Modified", "Tue, 24 Nov 2026 09:00:00 GMT")
              .with("x-ms-blob-type", "BlockBlob");
      case LIST, HEAD ->
          Reply.Whole.of(
                  200,
                  XML
                      + "<EnumerationResults ServiceEndpoint=\"https://a/\" ContainerName=\"c\">"
                      + "<Blobs><Blob><Name>logs/key</Name><Properties>"
                      + "<Last-Modified>Tue, 24 Nov 2026 09:00:00 GMT</Last-Modified>"
                      + "<Etag>0x1</Etag><Content-Length>8</Content-Length>"
                      + "<BlobType>BlockBlob</BlobType><AccessTier>Hot</AccessTier></Properties>"
                      + "</Blob></Blobs><NextMarker/></EnumerationResults>")
              .with("Content-Type", "application/xml");
    };
  }

  /** The SDK tells of all tries the last one only. */
  @ParameterizedTest
  @ValueSource(ints = {0, 20})
  void aWriteThatIsRefusedAfterAReplyWasLostMayHaveHappened(int bytes) {
    AtomicInteger count = new AtomicInteger();
    Function<StubServer.Request, Reply> service =
        request ->
            count.incrementAndGet() == 1
                ? new Reply.CutOff(success(Operation.PUT), bytes)
                : failure(503, throttledCode(), "REQUEST-1");
    try (StubServer server = new StubServer(service)) {
      ArchiveStorage storage = storage(server.endpoint(), Patience.RETRYING);
      assertThatThrownBy(() -> storage.putIfAbsent("key", CONTENT))
          .isInstanceOf(ServiceException.OutcomeUnknown.class)
          .hasMessageContaining("ServerBusy");
    }
  }

  @Test
  void whatTheServiceCouldNotFinishMayHaveHappened() {
    Reply failure = failure(500, "InternalError", "REQUEST-1");
    try (StubServer server = new StubServer(request -> failure)) {
      ArchiveStorage storage = storage(server.endpoint(), Patience.BRIEF);
      assertThatThrownBy(() -> storage.put("key", CONTENT))
          .isInstanceOf(ServiceException.OutcomeUnknown.class)
          .hasMessageContaining("InternalError");
      assertThatThrownBy(() -> storage.get("key", 0, 1))
          .isInstanceOf(ServiceException.Unavailable.class);
    }
  }

  @Test
  void aBlobInTheArchiveTierIsNotReadable() {
    String archived =
        new String(success(Operation.LIST).body(), StandardCharsets.UTF_8)
            .replace("<AccessTier>Hot", "<AccessTier>Archive");
    Reply listing = Reply.Whole.of(200, archived).with("Content-Type", "application/xml");
    try (StubServer server = new StubServer(request -> listing)) {
      ObjectInfo info =
          storage(server.endpoint(), Patience.BRIEF).list("", null).objects().getFirst();
      assertThat(info).isEqualTo(new ObjectInfo("key", 8, "Archive", false));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BlobAlreadyExists",
        "BlobImmutableDueToPolicy",
        "BlobImmutableDueToLegalHold",
        "BlobArchived",
        "BlobBeingRehydrated"
      })
  void aBlobThatIsThereIsLeftAlone(String code) {
    Reply there = failure(409, code, "REQUEST-1");
    try (StubServer server = new StubServer(request -> there)) {
      assertThat(storage(server.endpoint(), Patience.BRIEF).putIfAbsent("key", CONTENT)).isFalse();
      assertThat(server.requests().getFirst().headers())
          .containsEntry("if-none-match", "*")
          .containsKey("content-md5");
    }
  }

  /** The service may end a page where it likes. */
  @Test
  void aBlobBehindAnEmptyPageIsFound() {
    String blob = new String(success(Operation.HEAD).body(), StandardCharsets.UTF_8);
    String empty =
        blob.replaceFirst("<Blobs>.*</Blobs>", "<Blobs/>")
            .replace("<NextMarker/>", "<NextMarker>there</NextMarker>");
    try (StubServer server =
        new StubServer(
            request ->
                Reply.Whole.of(200, request.target().contains("marker=there") ? blob : empty)
                    .with("Content-Type", "application/xml"))) {
      assertThat(storage(server.endpoint(), Patience.BRIEF).head("key"))
          .contains(new ObjectInfo("key", 8, "Hot", true));
      assertThat(server.requests()).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "500, OperationTimedOut, OutcomeUnknown",
    "408, Http408, OutcomeUnknown",
    "400, Md5Mismatch, Unavailable"
  })
  void whatPassesByItselfIsNoRefusal(int status, String code, String written) {
    Reply failure = failure(status, code, "REQUEST-1");
    try (StubServer server = new StubServer(request -> failure)) {
      ArchiveStorage storage = storage(server.endpoint(), Patience.BRIEF);
      assertThatThrownBy(() -> storage.put("key", CONTENT))
          .hasMessage("PutBlob: " + code + " (request REQUEST-1)")
          .extracting(thrown -> thrown.getClass().getSimpleName())
          .isEqualTo(written);
      assertThatThrownBy(() -> storage.get("key", 0, 1))
          .isInstanceOf(ServiceException.Unavailable.class);
    }
  }
}
