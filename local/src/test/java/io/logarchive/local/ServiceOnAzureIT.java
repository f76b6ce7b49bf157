package io.logarchive.local;

/** The contract of the service, of the functions on Azure. */
class ServiceOnAzureIT extends LocalService {
  ServiceOnAzureIT() {
    super(Cloud.AZURE);
  }
}
