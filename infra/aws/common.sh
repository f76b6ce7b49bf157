# What deploy and remove have in common; they read it in and set stack and region before they call it.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

fail() {
  echo "${0##*/}: $1" >&2
  exit 1
}

say() {
  echo "$1" >&2
}

# What the AWS CLI prints is read by no pager.
export AWS_PAGER=''

# Finds out which account and region this is about. The caller has a function 'problem', for what is missing.
find_account() {
  local reply
  region=${region:-${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}}
  if [ -n "$region" ]; then
    # The older AWS CLI knows only the second.
    export AWS_REGION=$region AWS_DEFAULT_REGION=$region
  else
    problem "no region is set: give --region, or set AWS_REGION"
  fi
  if reply=$(aws sts get-caller-identity --region "${region:-us-east-1}" --query '[Account, Arn]' --output text 2>&1); then
    account=${reply%%$'\t'*}
    partition=$(cut -d : -f 2 <<< "$reply")
  else
    problem "there are no credentials that AWS takes: sign in with 'aws configure' or 'aws sso login' (${reply//$'\n'/ })"
  fi
}

# The names of what stays when a stack is removed, and of the bucket that its packages go through.
name_data() {
  [[ $stack =~ ^[a-z][a-z0-9-]{2,27}$ ]] ||
    fail "the stack's name has 3 to 28 lower-case letters, digits and hyphens and begins with a letter, not '$stack'"
  table=$stack
  bucket=$stack-$account-$region
  packages=$stack-$account-$region-pkg
  role=$stack-$region-archive-access
  sealing_alias=alias/$stack-sealing
  signing_alias=alias/$stack-signing
}

# The stack's state; empty if there is none.
stack_status() {
  local reply
  if reply=$(aws cloudformation describe-stacks --stack-name "$stack" \
    --query 'Stacks[0].StackStatus' --output text 2>&1); then
    echo "$reply"
  elif [[ $reply != *'does not exist'* ]]; then
    fail "CloudFormation did not answer: $reply"
  fi
}

# One output of the stack.
output() {
  aws cloudformation describe-stacks --stack-name "$stack" \
    --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" --output text
}

# Runs a call that asks for one thing. Prints the answer, nothing if the thing is not there, and ends the script if AWS
# refuses to tell.
ask() {
  local reply
  if reply=$(aws "$@" 2>&1); then
    echo "$reply"
  elif [[ $reply != *NotFound* && $reply != *NoSuchEntity* && $reply != *NoSuchBucket* && $reply != *'(404)'* ]]; then
    fail "aws $1 $2 failed: $reply"
  fi
}

table_status() {
  ask dynamodb describe-table --table-name "$table" --query Table.TableStatus --output text
}

# Whether this bucket is there, and this account's: another account's of the same name is an error.
has_bucket() {
  local reply
  if reply=$(aws s3api head-bucket --bucket "$1" --expected-bucket-owner "$account" 2>&1); then
    return 0
  elif [[ $reply == *'(404)'* ]]; then
    return 1
  fi
  fail "the bucket $1 cannot be used: $reply"
}

# The ARN of the key behind an alias; empty if there is none.
key_arn() {
  ask kms describe-key --key-id "$1" \
    --query KeyMetadata.Arn --output text
}

key_state() {
  ask kms describe-key --key-id "$1" --query KeyMetadata.KeyState --output text
}

role_name() {
  ask iam get-role --role-name "$role" --query Role.RoleName --output text
}
