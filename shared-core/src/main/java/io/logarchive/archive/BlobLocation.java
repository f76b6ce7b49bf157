package io.logarchive.archive;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A container of an Azure storage account, and a prefix in it.
 *
 * @param prefix without slashes around it; empty for the container itself
 */
public record BlobLocation(String accountName, String containerName, String prefix)
    implements StorageLocation {
  private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9]{3,24}");

  /** Azure's rule, of which {@code $root} and {@code $logs} are the exceptions. */
  private static final Pattern CONTAINER = Pattern.compile("(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*");

  public BlobLocation {
    if (!isAccountName(accountName) || !isContainerName(containerName)) {
      throw new IllegalArgumentException("Not a container: " + accountName + "/" + containerName);
    }
    Prefix.check(prefix);
  }

  /**
   * The place as a request names it.
   *
   * @param path a prefix, with or without slashes around it; null for none
   * @throws IllegalArgumentException naming the rule that is broken
   */
  public static BlobLocation of(String accountName, String containerName, @Nullable String path) {
    String prefix = path == null ? "" : path;
    if (prefix.startsWith("/")) {
      prefix = prefix.substring(1);
    }
    if (prefix.endsWith("/")) {
      prefix = prefix.substring(0, prefix.length() - 1);
    }
    return new BlobLocation(accountName, containerName, prefix);
  }

  public static boolean isAccountName(String name) {
    return ACCOUNT.matcher(name).matches();
  }

  public static boolean isContainerName(String name) {
    return CONTAINER.matcher(name).matches();
  }

  @Override
  public String claimKey() {
    return "blob:" + container();
  }

  @Override
  public String container() {
    return accountName + "/" + containerName;
  }

  @Override
  public String uri() {
    return "blob://" + container() + (prefix.isEmpty() ? "" : "/" + prefix);
  }
}
