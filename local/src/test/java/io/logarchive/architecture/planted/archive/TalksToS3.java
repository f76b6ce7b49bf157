package io.logarchive.architecture.planted.archive;

import software.amazon.awssdk.services.s3.S3Client;

record TalksToS3(S3Client client) {}
