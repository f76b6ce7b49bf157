package io.logarchive.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.logarchive.account.Secret;
import io.logarchive.fault.ServiceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemediesTest {
  private static final String ROLE = "az role assignment create";

  private final ContainerRemedies remedies = container("logs/web");

  @Test
  void whatEntraDidIsNeverBlamedOnTheStorage() {
    assertThat(
            remedies.of(
                StorageTest.PROBE_KEY,
                new ServiceException.Unavailable("GetToken", "Unreachable", null, null)))
        .isEqualTo("Entra could not be reached or was busy: try again");
    assertThat(
            remedies.of(
                StorageTest.PROBE_KEY,
                new ServiceException.Unavailable("ListBlobs", "Unreachable", null, null)))
        .startsWith("Correct accountName: ");
    assertThat(
            remedies.of(
                StorageTest.PROBE_KEY,
                new ServiceException.Denied("GetToken", "AADSTS7000215", null, null)))
        .startsWith("Correct clientSecret: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AuthorizationPermissionMismatch", "UnauthorizedBlobOverwrite"})
  void aMissingRoleIsNamedWithTheLineThatGivesIt(String code) {
    assertThat(of(code))
        .endsWith(
            "az role assignment create --assignee client --role \"Storage Blob Data Contributor\""
                + " --scope \"$(az storage account show --name account --query id --output tsv)"
                + "/blobServices/default/containers/container\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BlobIsSomethingNew",
        "AuthorizationFailure",
        "InsufficientAccountPermissions",
        "LeaseIdMissing",
        "InvalidBlobType",
        "KeyVaultEncryptionKeyNotFound",
        "BlobArchived",
        "BlobBeingRehydrated",
        "BlobImmutableDueToPolicy"
      })
  void noOtherRefusalIsAnsweredWithTheRole(String code) {
    assertThat(of(code)).doesNotContain(ROLE);
  }

  @Test
  void aRefusalThatIsNotKnownIsToBeLookedUp() {
    assertThat(of("BlobIsSomethingNew")).contains("Look up the code", "blob-service-error-codes");
  }

  @Test
  void networkRulesAreNamedWithWhatLetsTheDeploymentIn() {
    assertThat(of("AuthorizationFailure"))
        .contains("its subnet", "not in the account's own Azure region", "--name account")
        .doesNotContain("ADDRESS");
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "logs/web, logs/web/"})
  void aFileInTheArchiveTierIsNamedWithTheRuleAndTheCommand(String prefix, String folder) {
    assertThat(
            container(prefix)
                .of(
                    OwnershipProof.KEY,
                    new ServiceException.Denied("GetBlob", "BlobArchived", null, null)))
        .contains(
            "names begin with container/" + folder + "dt=,",
            "az storage blob set-tier --auth-mode login --account-name account --container-name"
                + " container --name "
                + folder
                + "logzio-verified --tier Hot");
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "logs/web, logs/web/"})
  void aFileInAnArchiveClassIsNamedWithTheRuleAndTheCommands(String prefix, String folder) {
    StorageAccess.S3 access =
        StorageAccess.S3.keys(new S3Location("bucket", prefix), "key", new Secret("secret"));
    assertThat(
            new Remedies(access, null)
                .of(
                    "OwnershipProof",
                    new ServiceException.Denied("GetObject", "InvalidObjectState", null, null)))
        .contains(
            "to the prefix " + folder + "dt=,",
            "aws s3api restore-object --bucket bucket --key " + folder + "logzio-verified ",
            "s3://bucket/%1$slogzio-verified s3://bucket/%1$slogzio-verified".formatted(folder));
  }

  private String of(String code) {
    return remedies.of(
        StorageTest.PROBE_KEY, new ServiceException.Denied("PutBlob", code, null, null));
  }

  private static ContainerRemedies container(String prefix) {
    return new ContainerRemedies(
        new StorageAccess.Blob(
            new BlobLocation("account", "container", prefix),
            "tenant",
            "client",
            new Secret("secret")));
  }
}
