package io.logarchive.functions.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.archive.S3Location;
import io.logarchive.json.InvalidFieldException;
import io.logarchive.json.Json;
import io.logarchive.restore.PlanRestore;
import io.logarchive.restore.Restore;
import io.logarchive.restore.RestoreSlice;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepJsonTest {

  @Test
  void aStepIsToldTheRestoreAndTheSlice() throws IOException {
    StepJson.Input input = input("{\"restoreId\":1234567,\"slice\":3,\"attempt\":1}");

    assertThat(input.restoreId()).isEqualTo(1_234_567);
    assertThat(input.slice()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"restoreId\":null}", "{\"restoreId\":-1}", "{\"restoreId\":\"1\"}"})
  void aStepWithoutARestoreIsRefused(String json) throws IOException {
    StepJson.Input input = input(json);

    assertThatThrownBy(input::restoreId)
        .isInstanceOf(InvalidFieldException.class)
        .hasMessageStartingWith("restoreId ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Denied         | REFUSED     | A service refused what the restore needs: GetObject: AccessDenied (request 5)
          NotFound       | NOT_FOUND   | Something that the restore needs is gone: GetObject: AccessDenied (request 5)
          Unavailable    | UNAVAILABLE | A service failed, also when asked again: GetObject: AccessDenied (request 5)
          OutcomeUnknown | UNAVAILABLE | A service failed, also when asked again: GetObject: AccessDenied (request 5)
          """)
  void aServicesFailureIsTold(String kind, String code, String message) throws IOException {
    String report =
        "{\"errorType\":\"E\",\"cause\":{\"errorMessage\":\"inner\"},"
            + "\"errorMessage\":\"GetObject: AccessDenied (request 5)\",\"stackTrace\":[\"at io.lo";

    assertThat(failure("io.logarchive.fault.ServiceException$" + kind, report))
        .isEqualTo(new Restore.Failure(code, message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          java.lang.IllegalStateException  | {"errorMessage":"secret internals"}
          States.Timeout                   | ''
          States.DataLimitExceeded         | The state's output is too large
          io.logarchive.fault.Unknown      | {"errorMessage":5}
          """)
  void anyOtherFailureShowsNothingOfItsInside(String type, String report) throws IOException {
    assertThat(failure(type, report))
        .isEqualTo(
            new Restore.Failure(
                "INTERNAL", "Something is wrong on our side; start the restore again"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "text", "{\"errorMessage\":", "[]", "{\"other\":{\"a\":[1]}}"})
  void aReportWithoutAMessageDoesNoHarm(String report) throws IOException {
    assertThat(failure("io.logarchive.fault.ServiceException$Denied", report))
        .isEqualTo(new Restore.Failure("REFUSED", "A service refused what the restore needs: "));
  }

  @Test
  void whatAPlanCameToIsGivenBack() {
    S3Location plans = new S3Location("own", "restores");

    assertThat(
            Json.text(
                StepJson.output(
                    new PlanRestore.Outcome.Planned(40, true, "u/p/items.json"), plans)))
        .isEqualTo(
            "{\"outcome\":\"PLANNED\",\"slices\":40,\"countFirst\":true,"
                + "\"items\":{\"bucket\":\"own\",\"key\":\"restores/u/p/items.json\"}}");
    assertThat(Json.text(StepJson.output(new PlanRestore.Outcome.Ended(), plans)))
        .isEqualTo("{\"outcome\":\"ENDED\"}");
  }

  @Test
  void whatASliceCameToIsGivenBack() {
    assertThat(Json.text(StepJson.output(RestoreSlice.Outcome.CONTINUE)))
        .isEqualTo("{\"outcome\":\"CONTINUE\"}");
    assertThat(Json.text(StepJson.output(RestoreSlice.Outcome.DONE)))
        .isEqualTo(Json.text(StepJson.done()))
        .isEqualTo("{\"outcome\":\"DONE\"}");
    assertThat(Json.text(StepJson.output(RestoreSlice.Outcome.ENDED)))
        .isEqualTo(Json.text(StepJson.ended()))
        .isEqualTo("{\"outcome\":\"ENDED\"}");
  }

  private static Restore.Failure failure(String type, String report) throws IOException {
    String quoted = report.replace("\\", "\\\\").replace("\"", "\\\"");
    return input(
            "{\"restoreId\":1,\"error\":{\"Error\":\"" + type + "\",\"Cause\":\"" + quoted + "\"}}")
        .failure();
  }

  private static StepJson.Input input(String json) throws IOException {
    return StepJson.Input.read(Events.of(json));
  }
}
