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
   * @param signingIn whether it was Entra that failed, not the container
   */
  String of(boolean signingIn, ServiceException failure) {
    return switch (failure.code()) {
      case "AADSTS90002", "AADSTS900023" ->
          "Correct tenantId: Entra knows no such directory. az account show --query tenantId";
      case "AADSTS700016" ->
          "Correct clientId: there is no such app registration in the directory. az ad app list"
              + " --show-mine --query \"[].{name:displayName,clientId:appId}\"";
      case "AADSTS7000215" ->
          "Correct clientSecret: send the value of a secret of this app registration, not the"
              + " secret's id";
      case "AADSTS7000222" ->
          "The client secret has expired: send the password that this prints. az ad app credential"
              + " reset --append --id "
              + access.clientId();
      case "AADSTS7000112" -> "The app registration is disabled: enable it in its directory";
      case "ContainerNotFound" ->
          "Create the container, or correct containerName: az storage container create"
              + " --auth-mode login --account-name "
              + account()
              + " --name "
              + container();
      case "ContainerBeingDeleted" -> "The container is being deleted: choose another";
      case "AccountIsDisabled" -> "The storage account is disabled: look at its subscription";
      case "AuthorizationFailure" ->
          "The storage account's network rules keep the deployment out: let its addresses in. az"
              + " storage account network-rule add --account-name "
              + account()
              + " --ip-address ADDRESS";
      case "InvalidAuthenticationInfo", "AuthenticationFailed" ->
          "Correct tenantId: the storage account belongs to another directory than the app"
              + " registration";
      case "ContentDiffers" -> "Make sure that nothing rewrites blobs in this container";
      case "Unreachable" ->
          signingIn
              ? "Entra could not be reached: try again"
              : "Correct accountName: nobody answers at https://"
                  + account()
                  + ".blob.core.windows.net";
      default -> ofKind(signingIn, failure);
    };
  }

  private String ofKind(boolean signingIn, ServiceException failure) {
    if (!(failure instanceof ServiceException.Denied)) {
      return (signingIn ? "Entra" : "The storage") + " could not be reached or was busy: try again";
    }
    return signingIn
        ? "Look up the code of the error in Entra's list, and mend the app registration"
        : role();
  }

  private String role() {
    return "Give the app registration the role Storage Blob Data Contributor, and wait up to ten"
        + " minutes until it counts: az role assignment create --assignee "
        + access.clientId()
        + " --role \"Storage Blob Data Contributor\" --scope"
        + " /subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.Storage/storageAccounts/"
        + account()
        + "/blobServices/default/containers/"
        + container();
  }

  private String account() {
    return access.location().accountName();
  }

  private String container() {
    return access.location().containerName();
  }
}
