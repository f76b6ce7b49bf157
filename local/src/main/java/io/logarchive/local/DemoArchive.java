package io.logarchive.local;

import io.logarchive.account.Secret;
import io.logarchive.archive.ArchiveStorage;
import io.logarchive.archive.ArchiveStorageProvider.Patience;
import io.logarchive.archive.S3Location;
import io.logarchive.archive.StorageAccess;
import java.io.IOException;

/** The storage of the demo's account, in the hands of its owner. */
sealed interface DemoArchive {
  /** What it is called on the screen. */
  String name();

  void setUp(ServiceClient client, String apiToken) throws IOException, InterruptedException;

  /** Reads it without the service. */
  ArchiveStorage open();

  record Bucket(LocalDeployment deployment) implements DemoArchive {
    @Override
    public String name() {
      return "the bucket s3://" + LocalDeployment.DEMO_BUCKET;
    }

    @Override
    public void setUp(ServiceClient client, String apiToken)
        throws IOException, InterruptedException {
      client.createSettings(apiToken, LocalDeployment.DEMO_BUCKET, deployment.secrets().s3Key());
    }

    @Override
    public ArchiveStorage open() {
      AccessKey key = deployment.secrets().s3Key();
      return deployment
          .storages()
          .open(
              StorageAccess.S3.keys(
                  new S3Location(LocalDeployment.DEMO_BUCKET, ""),
                  key.id(),
                  new Secret(key.secret())),
              Patience.RETRYING);
    }
  }

  record Container(EmbeddedAzure azure, StorageAccess.Blob access) implements DemoArchive {
    @Override
    public String name() {
      return "the container " + access.location().container();
    }

    @Override
    public void setUp(ServiceClient client, String apiToken)
        throws IOException, InterruptedException {
      client.createSettings(apiToken, access);
    }

    @Override
    public ArchiveStorage open() {
      return azure.storages().open(access, Patience.RETRYING);
    }
  }
}
