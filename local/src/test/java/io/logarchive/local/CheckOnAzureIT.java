package io.logarchive.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A check of the functions on Azure. */
class CheckOnAzureIT extends LocalCheck {
  CheckOnAzureIT() {
    super(Cloud.AZURE);
  }

  @Test
  void theAddressForTextIsNamedAsTheWrongOne() throws Exception {
    Result result = check("--ingest-url", deployment().uri() + "/");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.out())
        .contains("FAILED to send logs: 500 without a body")
        .contains("to do: On Azure give OctetsUrl as --ingest-url")
        .contains("removed the archive settings", "removed the account");
    assertThat(accountOf(result)).isEqualTo(404);
  }
}
