package io.logarchive.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelinePosition;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelineSyncPolicy;
import java.util.Locale;

/**
 * Fails calls that the table service refuses in XML, as it does where it does not know who asks: to
 * read that, the SDK would need a library more, without which it ends in a {@link LinkageError}.
 */
final class XmlReplies extends HttpPipelineSyncPolicy {

  /** Outside the tries: what the last of them was answered with. */
  @Override
  public HttpPipelinePosition getPipelinePosition() {
    return HttpPipelinePosition.PER_CALL;
  }

  @Override
  protected HttpResponse afterReceivedResponse(
      HttpPipelineCallContext call, HttpResponse response) {
    String type = response.getHeaderValue(HttpHeaderName.CONTENT_TYPE);
    if (response.getStatusCode() >= 300
        && type != null
        && type.toLowerCase(Locale.ROOT).contains("xml")) {
      throw new HttpResponseException("Refused in XML", response);
    }
    return response;
  }
}
