package io.logarchive.local;

/** The pair that signs requests to the embedded S3. */
record AccessKey(String id, String secret) {

  AccessKey {
    if (id.isBlank() || secret.isBlank()) {
      throw new IllegalArgumentException("An access key has an id and a secret, this one: " + id);
    }
  }

  @Override
  public String toString() {
    return "AccessKey[" + id + "]";
  }
}
