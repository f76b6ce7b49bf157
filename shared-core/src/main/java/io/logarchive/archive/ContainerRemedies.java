package io.logarchive.archive;

import io.logarchive.fault.ServiceException;

/** What to do about a refusal of Entra or of a container, with the command to copy. */
final class ContainerRemedies {
  static final String NO_PERMISSION = "AuthorizationPermissionMismatch";

  private final StorageAccess.Blob access;

  ContainerRemedies(StorageAccess.Blob access) {
    this.access = access;
  }

  /**
   * @param key of the file that was written or read
   */
  String of(String key, ServiceException failure) {
    return failure.operation().equals(ContainerProvider.GET_TOKEN)
        ? ofEntra(failure)
        : ofStorage(key, failure);
  }

  private String ofEntra(ServiceException failure) {
    if (!(failure instanceof ServiceException.Denied)) {
      return "Entra could not be reached or was busy: try again";
    }
    return switch (failure.code()) {
      case "AADSTS90002", "AADSTS900023" ->
          "Correct tenantId: Entra knows no such directory. az account show --query tenantId";
      case "AADSTS700016" ->
          "Correct clientId or tenantId: there is no such app registration in the directory "
              + access.tenantId()
              + ". In the right one, this shows both: az ad app list --show-mine --query"
              + " \"[].{name:displayName,clientId:appId}\"; az account show --query tenantId";
      case "AADSTS7000229" ->
          "Make the app registration's service principal in its directory: az ad sp create --id "
              + access.clientId();
      case "AADSTS7000215" ->
          "Correct clientSecret: send the value of a secret of this app registration, not the"
              + " secret's id";
      case "AADSTS7000222" ->
          "The client secret has expired: send the password that this prints. az ad app credential"
              + " reset --append --id "
              + access.clientId();
      case "AADSTS7000112" -> "The app registration is disabled: enable it in its directory";
      default -> "Look up the code of the error in Entra's list, and mend the app registration";
    };
  }

  private String ofStorage(String key, ServiceException failure) {
    return switch (failure.code()) {
      case "ContainerNotFound" ->
          "Create the container, or correct containerName: az storage container-rm create"
              + " --storage-account "
              + account()
              + " --name "
              + container();
      case "ContainerBeingDeleted" -> "The container is being deleted: choose another";
      case "AccountIsDisabled" -> "The storage account is disabled: look at its subscription";
      case "InsufficientAccountPermissions" ->
          "The storage account itself allows no such call now: look at its state and its"
              + " subscription";
      case NO_PERMISSION, "UnauthorizedBlobOverwrite" -> role();
      case "AuthorizationFailure" -> network();
      case "InvalidAuthenticationInfo", "AuthenticationFailed" ->
          "Correct tenantId: the storage account belongs to another directory than the app"
              + " registration";
      case "BlobArchived" ->
          ruleOf(key)
              + ", then bring it back, which takes hours: az storage blob set-tier --auth-mode login "
              + blob(key)
              + " --tier Hot --rehydrate-priority High";
      case "BlobBeingRehydrated" ->
          ruleOf(key) + ", and try again when it is back: that takes up to 15 hours";
      case "BlobImmutableDueToPolicy", "BlobImmutableDueToLegalHold" ->
          "Choose another container or path: a policy or a legal hold of this one keeps the file "
              + key
              + " as it is";
      case "LeaseIdMissing" ->
          "Somebody holds a lease of the file: break it. az storage blob lease break --auth-mode"
              + " login --account-name "
              + account()
              + " --container-name "
              + container()
              + " --blob-name "
              + name(key);
      case "InvalidBlobType" ->
          "There is a page blob or an append blob "
              + name(key)
              + ": delete it, or choose another container or path";
      case "ContentDiffers" -> "Make sure that nothing rewrites blobs in this container";
      case "Unreachable" ->
          "Correct accountName: nobody answers at https://" + account() + ".blob.core.windows.net";
      default -> ofKind(failure);
    };
  }

  private String ofKind(ServiceException failure) {
    if (failure.code().startsWith("KeyVault")) {
      return "The storage account cannot use the key in Key Vault that encrypts it: mend the key,"
          + " the vault or the account's access to it";
    }
    return failure instanceof ServiceException.Denied
        ? "Look up the code of the error in Azure's list, and mend the container:"
            + " https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes"
        : "The storage could not be reached or was busy: try again";
  }

  private String role() {
    return "Give the app registration the role Storage Blob Data Contributor, and wait up to ten"
        + " minutes until it counts: az role assignment create --assignee "
        + access.clientId()
        + " --role \"Storage Blob Data Contributor\" --scope \"$(az storage account show --name "
        + account()
        + " --query id --output tsv)/blobServices/default/containers/"
        + container()
        + "\"";
  }

  /** Rules for addresses do not hold for callers in the account's own region of Azure. */
  private String network() {
    return "The storage account's network rules keep the deployment out. Let in its subnet; or, if"
        + " it is not in the account's own Azure region, its fixed addresses; or all networks, of"
        + " which each caller still needs a token: az storage account update --name "
        + account()
        + " --public-network-access Enabled --default-action Allow";
  }

  /** It comes first: by the age of what is back, the rule would move it again. */
  private String ruleOf(String key) {
    return "The file "
        + key
        + " was moved to the archive tier: limit the lifecycle rule that did it to blobs whose"
        + " names begin with "
        + container()
        + "/"
        + name("dt=");
  }

  private String blob(String key) {
    return "--account-name "
        + account()
        + " --container-name "
        + container()
        + " --name "
        + name(key);
  }

  private String name(String key) {
    String prefix = access.location().prefix();
    return prefix.isEmpty() ? key : prefix + "/" + key;
  }

  private String account() {
    return access.location().accountName();
  }

  private String container() {
    return access.location().containerName();
  }
}
