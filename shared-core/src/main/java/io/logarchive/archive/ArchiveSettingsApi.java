package io.logarchive.archive;

import io.logarchive.account.Authentication;
import io.logarchive.account.Caller;
import io.logarchive.account.Scope;
import io.logarchive.http.Api;
import io.logarchive.http.ApiRequest;
import io.logarchive.http.ApiResponse;
import io.logarchive.http.PathId;
import io.logarchive.http.Refusal;
import io.logarchive.http.Routes;
import io.logarchive.json.Fields;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /v2/archive/settings}: where an account archives. */
public final class ArchiveSettingsApi implements Api {
  private static final String SETTINGS = "/v2/archive/settings";

  private final Authentication authentication;
  private final CreateArchiveSettings createArchiveSettings;
  private final UpdateArchiveSettings updateArchiveSettings;
  private final TestArchiveSettings testArchiveSettings;
  private final RemoveArchiveSettings removeArchiveSettings;
  private final ArchiveSettingsStore store;
  private final Routes routes;

  public ArchiveSettingsApi(
      Authentication authentication,
      CreateArchiveSettings createArchiveSettings,
      UpdateArchiveSettings updateArchiveSettings,
      TestArchiveSettings testArchiveSettings,
      RemoveArchiveSettings removeArchiveSettings,
      ArchiveSettingsStore store,
      AwsTrust awsTrust) {
    this.authentication = authentication;
    this.createArchiveSettings = createArchiveSettings;
    this.updateArchiveSettings = updateArchiveSettings;
    this.testArchiveSettings = testArchiveSettings;
    this.removeArchiveSettings = removeArchiveSettings;
    this.store = store;
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
            .and("PUT", SETTINGS + "/{id}", this::update)
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
        store.find(caller.accountId()).stream().<JsonValue>map(ArchiveSettingsJson::of).toList();
    return ApiResponse.json(200, new JsonValue.Array(settings));
  }

  private ApiResponse read(ApiRequest request, Map<String, String> variables) {
    Caller caller = authentication.caller(request, Scope.SETTINGS);
    return store
        .find(caller.accountId())
        .filter(settings -> Optional.of(settings.id()).equals(PathId.of(variables.get("id"))))
        .map(settings -> ApiResponse.json(200, ArchiveSettingsJson.of(settings)))
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
    return answer(testArchiveSettings.run(caller, testRequest(request.json())));
  }

  private ApiResponse create(ApiRequest request, Map<String, String> variables) {
    Caller caller = authentication.caller(request, Scope.SETTINGS);
    return answer(
        createArchiveSettings.run(caller, ArchiveSettingsDecoder.settings(request.json())));
  }

  private ApiResponse update(ApiRequest request, Map<String, String> variables) {
    Caller caller = authentication.caller(request, Scope.SETTINGS);
    int id = PathId.of(variables.get("id")).orElseThrow(ArchiveSettingsApi::notFound);
    return answer(
        updateArchiveSettings.run(caller, id, ArchiveSettingsDecoder.settings(request.json())));
  }

  private static ApiResponse answer(SettingsOutcome outcome) {
    return switch (outcome) {
      case SettingsOutcome.Saved saved ->
          ApiResponse.json(200, ArchiveSettingsJson.of(saved.settings()));
      case SettingsOutcome.Tested tested ->
          ApiResponse.json(tested.report().ok() ? 200 : 422, tested.report().json());
      case SettingsOutcome.TestFailed failed -> throw testFailed(failed.report());
      case SettingsOutcome.NotFound absent -> throw notFound();
      case SettingsOutcome.Exists exists ->
          throw Refusal.conflict(
              "SETTINGS_EXIST",
              "The account has archive settings already (id "
                  + exists.settingsId()
                  + "): update or remove those");
      case SettingsOutcome.Taken taken ->
          throw Refusal.conflict(
              "BUCKET_TAKEN",
              taken(taken.location()) + " is in use by another account: choose another");
      case SettingsOutcome.TooManyLocations many ->
          throw Refusal.conflict(
              "TOO_MANY_LOCATIONS",
              "The settings keep "
                  + many.most()
                  + " earlier locations already: go back to one of those, or remove the settings");
      case SettingsOutcome.Unfit unfit ->
          throw new InvalidFieldException(unfit.field(), unfit.rule());
      case SettingsOutcome.NoRolesHere no ->
          throw new Refusal(
              422,
              "NO_AWS_IDENTITY",
              "This deployment has no identity in AWS that a role could trust: use"
                  + " credentialsType \"KEYS\" with an access key");
    };
  }

  private static String taken(StorageLocation location) {
    return switch (location) {
      case S3Location s3 -> "The bucket " + s3.bucket();
      case BlobLocation blob -> "The container " + blob.container();
    };
  }

  /** Settings under their name, or bare as they are created. */
  private static TestArchiveSettings.Request testRequest(Fields body) {
    Integer id = body.integer("id", 1, Integer.MAX_VALUE).orElse(null);
    Optional<Fields> settings =
        body.has("storageType") ? Optional.of(body) : body.object("archiveSettings");
    if (id == null && settings.isEmpty()) {
      throw new InvalidFieldException("archiveSettings", "is required where no id is given");
    }
    return new TestArchiveSettings.Request(
        id, settings.map(ArchiveSettingsDecoder::storage).orElse(null));
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
}
