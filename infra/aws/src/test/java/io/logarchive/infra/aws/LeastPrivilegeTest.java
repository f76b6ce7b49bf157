package io.logarchive.infra.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.logarchive.json.Json;
import io.logarchive.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeastPrivilegeTest {
  private static final Template TEMPLATE =
      Template.parse(
          """
          Globals: {Function: {Runtime: java21}}
          Resources:
            Role:
              Type: AWS::IAM::Role
              Properties:
                Policies:
                  - PolicyDocument:
                      Statement:
                        - {Action: [logs:PutLogEvents], Resource: !GetAtt Logs.Arn}
                        - {Action: [dynamodb:PutItem, dynamodb:DeleteItem], Resource: !Sub '${Table}'}
                        - {Action: dynamodb:Query, Resource: !Sub '${Table}/index/live'}
            Function:
              Type: AWS::Serverless::Function
              Properties: {Handler: x.SweepHandler, Role: !GetAtt Role.Arn}
          """);

  private static final String DELETE =
      "{'service':'DynamoDb','operation':'TransactWriteItems','signedBy':'function','resource':'t',"
          + "'actions':'[Delete, Put]'}";
  private static final String QUERY_INDEX =
      "{'service':'DynamoDb','operation':'Query','signedBy':'function','resource':'t/index/live'}";

  @Test
  void whatIsUsedAndGivenIsFine() {
    assertThat(problems(DELETE, QUERY_INDEX)).isEmpty();
  }

  @Test
  void whatIsGivenForNothingIsFound() {
    assertThat(problems(QUERY_INDEX))
        .containsExactly(
            "SweepHandler may do dynamodb:DeleteItem and never does",
            "SweepHandler may do dynamodb:PutItem and never does");
  }

  @Test
  void whatIsUsedAndNotGivenIsFound() {
    assertThat(problems(DELETE, QUERY_INDEX, QUERY_INDEX.replace("/index/live", "")))
        .containsExactly("SweepHandler needs dynamodb:Query and may not");
    assertThat(problems(DELETE, QUERY_INDEX, get("function")))
        .containsExactly("SweepHandler needs s3:GetObject and may not");
  }

  @Test
  void whatIsSignedWithACustomersKeyNeedsNoRight() {
    assertThat(problems(DELETE, QUERY_INDEX, get("customer"))).isEmpty();
  }

  @Test
  void aRightOverOnePartIsNoneOverAnother() {
    Template template =
        Template.parse(
            """
            Globals: {Function: {Runtime: java21}}
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  Policies:
                    - PolicyDocument:
                        Statement:
                          - {Action: s3:GetObject, Resource: !Sub '${Bucket}/restores/*'}
                          - {Action: sqs:SendMessage, Resource: !GetAtt Queue.Arn}
              Function:
                Type: AWS::Serverless::Function
                Properties: {Handler: x.SweepHandler, Role: !GetAtt Role.Arn}
            """);

    assertThat(problems(template, get("function")))
        .containsExactly(
            "SweepHandler needs s3:GetObject and may not",
            "SweepHandler may do s3:GetObject on /restores/ and never does",
            "SweepHandler may do sqs:SendMessage and never does");
    assertThat(problems(template, get("function").replace("b/k", "b/restores/*")))
        .containsExactly("SweepHandler may do sqs:SendMessage and never does");
  }

  @Test
  void whoOpensArchivesMayDoSoByARoleToo() {
    Template template =
        Template.parse(
            """
            Globals: {Function: {Runtime: java21}}
            Resources:
              Role:
                Type: AWS::IAM::Role
                Properties:
                  Policies:
                    - PolicyDocument:
                        Statement:
                          - {Action: kms:GenerateMac, Resource: !GetAtt Key.Arn}
                          - {Action: sts:AssumeRole, Resource: !Sub '${Role}'}
              Function:
                Type: AWS::Serverless::Function
                Properties: {Handler: x.SweepHandler, Role: !GetAtt Role.Arn}
            """);

    assertThat(
            problems(
                template,
                "{'service':'Kms','operation':'GenerateMac','signedBy':'function','resource':'k'}"))
        .isEmpty();
    assertThat(problems(template))
        .containsExactly(
            "SweepHandler may do kms:GenerateMac and never does",
            "SweepHandler may do sts:AssumeRole and never does");
  }

  @Test
  void anOperationThatNobodyReviewedIsRefused() {
    assertThatThrownBy(
            () -> problems("{'service':'S3','operation':'DeleteBucket','signedBy':'function'}"))
        .hasMessage("Nobody reviewed what S3.DeleteBucket needs");
  }

  private static String get(String signedBy) {
    return "{'service':'S3','operation':'GetObject','signedBy':'"
        + signedBy
        + "','resource':'b/k'}";
  }

  private static List<String> problems(String... operations) {
    return problems(TEMPLATE, operations);
  }

  private static List<String> problems(Template template, String... operations) {
    String json = "{'SweepHandler':[" + String.join(",", operations) + "]}";
    JsonObject all = Json.object(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    return LeastPrivilege.problems(template, all);
  }
}
