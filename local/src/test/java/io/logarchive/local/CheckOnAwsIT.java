package io.logarchive.local;

/** A check of the functions on AWS. */
class CheckOnAwsIT extends LocalCheck {
  CheckOnAwsIT() {
    super(Cloud.AWS);
  }
}
