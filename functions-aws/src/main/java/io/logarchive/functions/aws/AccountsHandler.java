package io.logarchive.functions.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** {@code /v1/account-management} and {@code /v1/audit}: accounts, and what was done to them. */
public final class AccountsHandler implements RequestStreamHandler {
  private final HttpFunction function;

  /** For Lambda, which makes one for each environment. */
  public AccountsHandler() {
    this(AwsWiring.ofEnvironment());
  }

  public AccountsHandler(AwsWiring wiring) {
    this.function = wiring.http(wiring.service().accountsApi());
  }

  @Override
  public void handleRequest(InputStream event, OutputStream reply, Context context)
      throws IOException {
    function.answer(event, reply, context);
  }
}
