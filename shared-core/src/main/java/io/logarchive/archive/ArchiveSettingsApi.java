package io.logarchive.archive;

import io.logarchive.account.Authentication;
import io.logarchive.account.Caller;
import io.logarchive.account.Scope;
import io.logarchive.account.Secret;
import io.logarchive.format.Compression;
import io.logarchive.http.Api;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.PathId;
import io.logarchive.http.Refusal;
import io.logarchive.http.Routes;
import io.logarchive.json.Fields;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** {@code /v2/archive/settings}: where an account archives. */
public final class ArchiveSettingsApi implements Api {
  private static final String SETTINGS = "/v2/archive/settings";
  private static final String SECRET_KEY = "amazonS3StorageSettings.s3SecretCredentials.secretKey";

  private final Authentication authentication;
  private final CreateArchiveSettings createArchiveSettings;
  private final TestArchiveSettings testArchiveSettings;
  private final RemoveArchiveSettings removeArchiveSettings;
  private final ArchiveSettingsStore store;
  private final Routes routes;

  public ArchiveSettingsApi(
      Authentication authentication,
      CreateArchiveSettings createArchiveSettings,
      TestArchiveSettings testArchiveSettings,
      RemoveArchiveSettings removeArchiveSettings,
      ArchiveSettingsStore store,
      AwsTrust awsTrust) {
    this.authentication = authentication;
    this.createArchiveSettings = createArchiveSettings;
    this.testArchiveSettings = testArchiveSettings;
    this.removeArchiveSettings = removeArchiveSettings;
    this.store = store;
    Consumer<ApiRequest> guard = request -> authentication.caller(request, Scope.SETTINGS);
    this.routes =
        Routes.none()
            .and("GET", SETTINGS, this::list)
            .and("POST", SETTINGS, this::create)
            .and("POST", SETTINGS + "/test", this::test)
            .and(
                "GET",
                SETTINGS + "/aws-trust",
                (request, variables) ->
                    awsTrust.answer(authentication.caller(request, Scope.SETTINGS), request))
            .and("GET", SETTINGS + "/{id}", this::read)
            .notBuilt("PUT", SETTINGS + "/{id}", guard)
            .and("DELETE", SETTINGS + "/{id}", this::remove);
  }

  @Override
  public ApiResponse handle(ApiRequest request) {
    return routes.handle(request);
  }

  @Override
  public Set<String> operations() {
    return routes.operations();
  }

  private ApiResponse list(ApiRequest request, Map<String, String> variables) {
    Caller caller = authentication.caller(request, Scope.SETTINGS);
    List<JsonValue> settings =
        store.find(caller.accountId()).stream().<JsonValue>map(ArchiveSettingsApi::json).toList();
    return ApiResponse.json(200, new JsonValue.Array(settings));
  }

  private ApiResponse read(ApiRequest request, Map<String, String> variables) {
    Caller caller = authentication.caller(request, Scope.SETTINGS);
    return store
        .find(caller.accountId())
        .filter(settings -> Optional.of(settings.id()).equals(PathId.of(variables.get("id"))))
        .map(settings -> ApiResponse.json(200, json(settings)))
        .orElseThrow(ArchiveSettingsApi::notFound);
  }

  private ApiResponse remove(ApiRequest request, Map<String, String> variables) {
    Caller caller = authentication.caller(request, Scope.SETTINGS);
    return PathId.of(variables.get("id"))
        .filter(id -> removeArchiveSettings.run(caller, id))
        .map(id -> ApiResponse.empty(200))
        .orElseThrow(ArchiveSettingsApi::notFound);
  }

  private ApiResponse test(ApiRequest request, Map<String, String> variables) {
    Caller caller = authentication.caller(request, Scope.SETTINGS);
    return switch (testArchiveSettings.run(caller, decodeTest(request.json()))) {
      case TestArchiveSettings.Outcome.Tested tested ->
          ApiResponse.json(tested.report().ok() ? 200 : 422, tested.report().json());
      case TestArchiveSettings.Outcome.NoSettings noSettings -> throw notFound();
      case TestArchiveSettings.Outcome.SecretNeeded secretNeeded ->
          throw new InvalidFieldException(
              SECRET_KEY, "is required: no secret is stored for this accessKey");
    };
  }

  private ApiResponse create(ApiRequest request, Map<String, String> variables) {
    Caller caller = authentication.caller(request, Scope.SETTINGS);
    return switch (createArchiveSettings.run(caller, decode(request.json()))) {
      case CreateArchiveSettings.Outcome.Created created ->
          ApiResponse.json(200, json(created.settings()));
      case CreateArchiveSettings.Outcome.Exists exists ->
          throw Refusal.conflict(
              "SETTINGS_EXIST",
              "The account has archive settings already (id "
                  + exists.settingsId()
                  + "): update or remove those");
      case CreateArchiveSettings.Outcome.BucketTaken taken ->
          throw Refusal.conflict(
              "BUCKET_TAKEN",
              "The bucket " + taken.bucket() + " is in use by another account: choose another");
      case CreateArchiveSettings.Outcome.TestFailed failed -> throw testFailed(failed.report());
    };
  }

  private static Refusal notFound() {
    return Refusal.notFound("Archive settings with this id");
  }

  private static Refusal testFailed(ConnectionTest.Report report) {
    ConnectionTest.Check check = report.firstFailure();
    return new Refusal(
            422,
            "STORAGE_REFUSED",
            "The check " + check.name() + " failed: " + check.error() + ". " + check.remedy())
        .detail("checks", report.json().member("checks").orElseThrow());
  }

  private static CreateArchiveSettings.Request decode(Fields body) {
    if (body.bool("takeOver").orElse(false)) {
      throw Refusal.notBuilt("takeOver");
    }
    for (String field : List.of("storageClass", "kmsKeyId")) {
      if (body.has(field)) {
        throw Refusal.notBuilt(field);
      }
    }
    Fields s3 = decodeS3(body);
    String path = s3.requiredText("path");
    Fields keys = s3.requiredObject("s3SecretCredentials");
    return new CreateArchiveSettings.Request(
        path,
        location(s3, path),
        keys.requiredText("accessKey"),
        new Secret(keys.requiredText("secretKey")),
        body.bool("enabled").orElse(true),
        compression(body));
  }

  /** Settings under their name, or bare as they are created. */
  private static TestArchiveSettings.Request decodeTest(Fields body) {
    Integer id = body.integer("id", 1, Integer.MAX_VALUE).orElse(null);
    Optional<Fields> settings =
        body.has("storageType") ? Optional.of(body) : body.object("archiveSettings");
    if (id == null && settings.isEmpty()) {
      throw new InvalidFieldException("archiveSettings", "is required where no id is given");
    }
    return new TestArchiveSettings.Request(
        id, settings.map(ArchiveSettingsApi::decodePlace).orElse(null));
  }

  private static TestArchiveSettings.Place decodePlace(Fields settings) {
    Fields s3 = decodeS3(settings);
    Fields keys = s3.requiredObject("s3SecretCredentials");
    return new TestArchiveSettings.Place(
        location(s3, s3.requiredText("path")),
        keys.requiredText("accessKey"),
        keys.text("secretKey").filter(secret -> !secret.isBlank()).map(Secret::new).orElse(null));
  }

  private static Fields decodeS3(Fields settings) {
    String type = settings.requiredText("storageType");
    if (type.equals("BLOB")) {
      throw Refusal.notBuilt("storageType BLOB");
    }
    if (!type.equals("S3")) {
      throw new InvalidFieldException(settings.path("storageType"), "must be \"S3\" or \"BLOB\"");
    }
    Fields s3 = settings.requiredObject("amazonS3StorageSettings");
    String credentials = s3.requiredText("credentialsType");
    if (credentials.equals("IAM")) {
      throw Refusal.notBuilt("credentialsType IAM");
    }
    if (!credentials.equals("KEYS")) {
      throw new InvalidFieldException(s3.path("credentialsType"), "must be \"IAM\" or \"KEYS\"");
    }
    return s3;
  }

  private static S3Location location(Fields s3, String path) {
    try {
      return S3Location.parse(path);
    } catch (IllegalArgumentException e) {
      throw new InvalidFieldException(s3.path("path"), String.valueOf(e.getMessage()));
    }
  }

  private static Compression compression(Fields body) {
    Optional<String> asked = body.text("compression");
    if (!body.bool("compressed").orElse(true)) {
      return Compression.NONE;
    }
    return switch (asked.orElse("zstd")) {
      case "zstd" -> Compression.ZSTD;
      case "gzip" -> Compression.GZIP;
      default -> throw new InvalidFieldException("compression", "must be \"zstd\" or \"gzip\"");
    };
  }

  private static JsonObject json(ArchiveSettings settings) {
    S3Settings s3 = (S3Settings) settings.storage();
    S3Credentials.Keys keys = (S3Credentials.Keys) s3.credentials();
    return JsonObject.builder()
        .put("id", settings.id())
        .put(
            "settings",
            JsonObject.builder()
                .put("storageType", "S3")
                .put("enabled", settings.enabled())
                .put("compressed", settings.compression() != Compression.NONE)
                .put("compression", compressionText(settings.compression()))
                .put(
                    "amazonS3StorageSettings",
                    JsonObject.builder()
                        .put("credentialsType", "KEYS")
                        .put("path", s3.path())
                        .put(
                            "s3SecretCredentials",
                            JsonObject.builder()
                                .put("accessKey", keys.accessKey())
                                .putNull("secretKey")
                                .build())
                        .putNull("s3IamCredentials")
                        .build())
                .putNull("azureBlobStorageSettings")
                .put("status", settings.enabled() ? "archiving" : "paused")
                .putNull("reason")
                .put("earlierLocations", List.of())
                .build())
        .build();
  }

  private static JsonValue compressionText(Compression compression) {
    return switch (compression) {
      case ZSTD -> new JsonValue.Text("zstd");
      case GZIP -> new JsonValue.Text("gzip");
      case NONE -> new JsonValue.Null();
    };
  }
}
