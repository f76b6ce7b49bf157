package io.logarchive.architecture.planted.functions.aws;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

record HandlerWithAnSdk(DynamoDbClient client) {}
