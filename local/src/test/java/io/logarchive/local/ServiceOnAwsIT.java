package io.logarchive.local;

/** The contract of the service, of the functions on AWS. */
class ServiceOnAwsIT extends LocalService {
  ServiceOnAwsIT() {
    super(Cloud.AWS);
  }
}
