package io.logarchive.infra.aws;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What IAM asks for, reviewed by hand against the "Actions, resources, and condition keys" pages of
 * AWS's Service Authorization Reference.
 */
final class Actions {

  /** For each operation of the SDK that the functions use, the actions that it needs. */
  static final Map<String, Set<String>> OF_OPERATIONS =
      Map.ofEntries(
          entry("DynamoDb.GetItem", Set.of("dynamodb:GetItem")),
          entry("DynamoDb.PutItem", Set.of("dynamodb:PutItem")),
          entry("DynamoDb.Query", Set.of("dynamodb:Query")),
          entry("DynamoDb.UpdateItem", Set.of("dynamodb:UpdateItem")),
          // A transaction needs what its parts need, and nothing of its own.
          entry("DynamoDb.TransactWriteItems.Put", Set.of("dynamodb:PutItem")),
          entry("DynamoDb.TransactWriteItems.Update", Set.of("dynamodb:UpdateItem")),
          entry("DynamoDb.TransactWriteItems.Delete", Set.of("dynamodb:DeleteItem")),
          entry(
              "DynamoDb.TransactWriteItems.ConditionCheck", Set.of("dynamodb:ConditionCheckItem")),
          entry("Kms.Decrypt", Set.of("kms:Decrypt")),
          entry("Kms.Encrypt", Set.of("kms:Encrypt")),
          entry("Kms.GenerateMac", Set.of("kms:GenerateMac")),
          entry("S3.GetObject", Set.of("s3:GetObject")),
          entry("S3.HeadObject", Set.of("s3:GetObject")),
          entry("S3.ListObjectsV2", Set.of("s3:ListBucket")),
          entry("S3.PutObject", Set.of("s3:PutObject")),
          entry("SecretsManager.GetSecretValue", Set.of("secretsmanager:GetSecretValue")),
          entry("Sfn.DescribeExecution", Set.of("states:DescribeExecution")),
          entry("Sfn.StartExecution", Set.of("states:StartExecution")),
          entry("Sts.AssumeRole", Set.of("sts:AssumeRole")));

  /** Actions of functions' roles that no operation of ours needs, and what does. */
  static final Map<String, String> OF_THE_PLATFORM =
      Map.of(
          "logs:CreateLogStream", "Lambda writes the function's own log",
          "logs:PutLogEvents", "Lambda writes the function's own log",
          "xray:PutTraceSegments", "Lambda traces calls of the function",
          "xray:PutTelemetryRecords", "Lambda traces calls of the function",
          "sqs:SendMessage", "Lambda puts events that failed into the dead-letter queue",
          "sts:AssumeRole", "an archive is opened by a role, if the customer has set one up",
          "s3:ListBucket", "without it S3 answers 403 for an object that is missing, not 404");

  /** Actions for which AWS knows no resource but a star. */
  static final Set<String> WITHOUT_RESOURCES =
      Set.copyOf(
          List.of(
              "xray:PutTraceSegments",
              "xray:PutTelemetryRecords",
              "xray:GetSamplingRules",
              "xray:GetSamplingTargets",
              "logs:CreateLogDelivery",
              "logs:GetLogDelivery",
              "logs:UpdateLogDelivery",
              "logs:DeleteLogDelivery",
              "logs:ListLogDeliveries",
              "logs:PutResourcePolicy",
              "logs:DescribeResourcePolicies",
              "logs:DescribeLogGroups"));

  private Actions() {}
}
