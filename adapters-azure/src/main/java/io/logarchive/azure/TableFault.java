package io.logarchive.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.BinaryData;
import com.azure.data.tables.models.TableErrorCode;
import com.azure.data.tables.models.TableServiceError;
import com.azure.data.tables.models.TableServiceException;
import com.azure.data.tables.models.TableTransactionFailedException;
import io.logarchive.azure.AzureFault.Effect;
import io.logarchive.fault.ServiceException;
import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import io.logarchive.json.JsonValue;
import io.logarchive.json.MalformedJsonException;
import java.util.Optional;
import java.util.Set;

/** Says what a failed call of Table Storage means, which tells its reasons in the body alone. */
final class TableFault {
  /** Failures of the service's own that it tells within a reply. */
  private static final Set<String> BROKEN = Set.of("InternalError", "OperationTimedOut");

  private TableFault() {}

  /** The service's own code; in a transaction, that of the change that failed. */
  static String code(HttpResponseException failure) {
    return told(failure).orElseGet(() -> AzureFault.code(failure));
  }

  private static Optional<String> told(HttpResponseException failure) {
    if (failure instanceof TableServiceException table) {
      return Optional.ofNullable(table.getValue())
          .map(TableServiceError::getErrorCode)
          .map(TableErrorCode::toString);
    }
    return Optional.ofNullable(failure.getResponse()).flatMap(TableFault::codeInBody);
  }

  /** Of the pages of a query, the SDK leaves the failures as they came. */
  private static Optional<String> codeInBody(HttpResponse reply) {
    BinaryData body = reply.getBodyAsBinaryData();
    try {
      return body != null
              && Json.object(body.toBytes()).member("odata.error").orElse(null)
                  instanceof JsonObject error
              && error.member("code").orElse(null) instanceof JsonValue.Text code
          ? Optional.of(code.value())
          : Optional.empty();
    } catch (MalformedJsonException e) {
      // Then the status says what there is to say.
      return Optional.empty();
    }
  }

  /**
   * @param lost whether the reply to a try before was lost, so that it is not sure that nothing was
   *     changed
   */
  static ServiceException of(
      String operation, Effect effect, RuntimeException failure, boolean lost) {
    HttpResponseException answered = AzureFault.cause(failure, HttpResponseException.class);
    // What failed within a transaction's reply has no reply of its own.
    return answered != null && (answered.getResponse() != null || told(answered).isPresent())
        ? AzureFault.answered(operation, effect, code(answered), status(answered), answered, lost)
        : AzureFault.of(operation, effect, failure, lost);
  }

  private static int status(HttpResponseException failure) {
    if (failure instanceof TableTransactionFailedException) {
      // The reply itself says 202: it has the refusal within it.
      return BROKEN.contains(code(failure)) ? 500 : 400;
    }
    return AzureFault.status(failure);
  }
}
