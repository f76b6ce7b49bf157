package io.logarchive.archive;

/** What comes of creating, updating or testing archive settings. */
public sealed interface SettingsOutcome {

  /** They are stored. */
  record Saved(ArchiveSettings settings) implements SettingsOutcome {}

  /** The storage was tested, and nothing is stored. */
  record Tested(ConnectionTest.Report report) implements SettingsOutcome {}

  /** A required check failed, and nothing is stored. */
  record TestFailed(ConnectionTest.Report report) implements SettingsOutcome {}

  /** The account has settings already. */
  record Exists(int settingsId) implements SettingsOutcome {}

  /** The account has no settings with this id. */
  record NotFound() implements SettingsOutcome {}

  /** The bucket or container is another account's, or the deployment's own. */
  record Taken(StorageLocation location) implements SettingsOutcome {}

  /** Earlier locations are as many as settings can hold. */
  record TooManyLocations(int most) implements SettingsOutcome {}

  /**
   * What the request says of the storage is not to be had.
   *
   * @param field the request's, within its settings
   * @param rule what it must be, and what to do
   */
  record Unfit(String field, String rule) implements SettingsOutcome {}

  /** The deployment has no identity in AWS that a role could trust. */
  record NoRolesHere() implements SettingsOutcome {}
}
