package io.logarchive.account;

/** Text that must not show: it prints as stars. */
public record Secret(String value) {
  @Override
  public String toString() {
    return "*****";
  }
}
