package io.logarchive.local;

/** The functions of a deployment, as the cloud that they are made for calls them. */
interface Functions extends AutoCloseable {
  /** Those behind HTTP. */
  Endpoint front();

  /** The path that takes compressed logs. */
  String octets();

  void sweepRestores();

  void expireRestores();

  /** Stops the restores that are under way. */
  @Override
  void close();
}
