package io.logarchive.local;

/** Whose functions run. */
enum Cloud {
  AWS,
  AZURE
}
