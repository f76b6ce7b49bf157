package io.logarchive.azure;

import com.azure.core.http.HttpPipelineCallContext;
import com.azure.core.http.HttpPipelineNextPolicy;
import com.azure.core.http.HttpPipelineNextSyncPolicy;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.util.Context;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;

/**
 * Notes of each try of a call whether it may have been done though no reply came: of all its tries
 * the SDK tells the last one only.
 */
final class LostReplies implements HttpPipelinePolicy {
  private static final String KEY = "io.logarchive.lostReplies";

  /** What notes it for one call. */
  static Context noting(AtomicBoolean lost) {
    return new Context(KEY, lost);
  }

  @Override
  public Mono<HttpResponse> process(HttpPipelineCallContext call, HttpPipelineNextPolicy next) {
    return next.process()
        .doOnNext(reply -> note(call, reply))
        .doOnError(failure -> note(call, failure));
  }

  @Override
  public HttpResponse processSync(HttpPipelineCallContext call, HttpPipelineNextSyncPolicy next) {
    try {
      HttpResponse reply = next.processSync();
      note(call, reply);
      return reply;
    } catch (RuntimeException e) {
      note(call, e);
      throw e;
    }
  }

  private static void note(HttpPipelineCallContext call, HttpResponse reply) {
    int status = reply.getStatusCode();
    if (status == 408 || (status >= 500 && status != 503)) {
      note(call);
    }
  }

  private static void note(HttpPipelineCallContext call, Throwable failure) {
    if (!AzureFault.neverSent(failure)) {
      note(call);
    }
  }

  private static void note(HttpPipelineCallContext call) {
    call.getData(KEY).ifPresent(lost -> ((AtomicBoolean) lost).set(true));
  }
}
