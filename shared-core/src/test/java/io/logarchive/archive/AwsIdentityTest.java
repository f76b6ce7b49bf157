package io.logarchive.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsIdentityTest {

  @ParameterizedTest
  @CsvSource({
    "arn:aws:iam::123456789012:role/logs-eu-central-1-archive-access, aws",
    "arn:aws-us-gov:iam::123456789012:role/path/of/it/name, aws-us-gov",
  })
  void aRoleTellsAccountAndPartition(String arn, String partition) {
    AwsIdentity identity = AwsIdentity.ofRole(arn);

    assertThat(identity).isEqualTo(new AwsIdentity("123456789012", arn));
    assertThat(identity.partition()).isEqualTo(partition);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "logs",
        "arn:aws:iam::123456789012:user/somebody",
        "arn:aws:iam::1234:role/short",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:sts::123456789012:assumed-role/role/session",
      })
  void anythingElseIsRefused(String arn) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AwsIdentity.ofRole(arn))
        .withMessageContaining("arn:aws:iam::123456789012:role/NAME");
  }

  @Test
  void aRoleOfAnotherAccountIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AwsIdentity("210987654321", "arn:aws:iam::123456789012:role/logs"));
  }
}
