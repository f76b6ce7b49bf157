package io.logarchive.testkit;

import io.logarchive.account.AccountStore;
import io.logarchive.archive.ArchiveSettingsStore;
import io.logarchive.audit.AuditLog;
import io.logarchive.restore.RestoreStore;

/**
 * The stores of one deployment, which have its ids in common. Tests may share them: each uses ids
 * of its own.
 */
public interface DeploymentStores {
  AccountStore accountStore();

  ArchiveSettingsStore archiveSettingsStore();

  /** With small pages: {@link RestoreStoreContract#PAGE_SIZE}. */
  RestoreStore restoreStore();

  /** With small pages: {@link AuditLogContract#PAGE_SIZE}. */
  AuditLog auditLog();
}
