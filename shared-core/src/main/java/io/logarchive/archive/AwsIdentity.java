package io.logarchive.archive;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who a deployment is on AWS: the one role that customers let into their buckets.
 *
 * @param accountId the AWS account of the deployment, 12 digits
 * @param principalArn the role {@code archive-access} in it
 */
public record AwsIdentity(String accountId, String principalArn) {
  private static final Pattern ROLE =
      Pattern.compile("arn:(aws[-a-z]*):iam::(\\d{12}):role/[\\w+=,.@/-]{1,576}");

  public AwsIdentity {
    if (!part(principalArn, 2).equals(accountId)) {
      throw new IllegalArgumentException(principalArn + " is not in the account " + accountId);
    }
  }

  /**
   * The identity with this role.
   *
   * @throws IllegalArgumentException if it is no role's ARN
   */
  public static AwsIdentity ofRole(String arn) {
    return new AwsIdentity(part(arn, 2), arn);
  }

  /** Which of AWS's separate clouds: {@code aws}, {@code aws-cn}, {@code aws-us-gov}, … */
  public String partition() {
    return part(principalArn, 1);
  }

  private static String part(String arn, int group) {
    Matcher matcher = ROLE.matcher(arn);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "must be the ARN of a role, as in arn:aws:iam::123456789012:role/NAME");
    }
    return matcher.group(group);
  }
}
