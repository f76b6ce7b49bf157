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

# The stack's state, and whether it is Log Archive's; both empty if there is none. It is by its description, and once it
# came up, by an output too.
find_stack() {
  local reply description role_output
  status=
  stack_ours=
  if reply=$(aws cloudformation describe-stacks --stack-name "$stack" --query \
    "Stacks[0].[StackStatus, Description, Outputs[?OutputKey=='ArchiveAccessRoleArn'].OutputValue | [0]]" \
    --output text 2>&1); then
    IFS=$'\t' read -r status description role_output <<< "$reply"
    case $status in
      CREATE_COMPLETE | UPDATE_*) [ "$role_output" != None ] || description= ;;
    esac
    if [[ $description == 'Log Archive: copies logs to storage '* ]]; then
      stack_ours=yes
    fi
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
  elif [[ $reply != *NotFound* && $reply != *NoSuchEntity* && $reply != *NoSuchBucket* &&
    $reply != *NoSuchTagSet* && $reply != *'(404)'* ]]; then
    fail "aws $1 $2 failed: $reply"
  fi
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

# The tag that all bears which can be there without the stack. Its value is the stack's name.
mark=logarchive:deployment

# Whether a call that asks for this tag found it.
is_marked() {
  local found
  found=$(ask "$@" --output text) || exit
  [ "${found//[[:space:]]/}" = "$stack" ]
}

has_marked_bucket() {
  has_bucket "$1" || return 1
  is_marked s3api get-bucket-tagging --bucket "$1" --expected-bucket-owner "$account" \
    --query "TagSet[?Key=='$mark'].Value" || {
    foreign+=("the bucket $1")
    return 1
  }
}

# The ARN of the key behind an alias, if it is the deployment's.
find_key() {
  key=$(key_arn "$1")
  if [ -n "$key" ] && ! is_marked kms list-resource-tags --key-id "$key" --query "Tags[?TagKey=='$mark'].TagValue"; then
    foreign+=("the key $1")
    key=
  fi
}

# Looks for what can be there without the stack. 'foreign' becomes what has a name of the deployment's and is not its own.
find_data() {
  local reply arn schema key
  foreign=()
  table_there=
  table_bytes=0
  reply=$(ask dynamodb describe-table --table-name "$table" --output text \
    --query "Table.[TableArn, TableSizeBytes, join('+', KeySchema[].AttributeName)]")
  if [ -n "$reply" ]; then
    IFS=$'\t' read -r arn table_bytes schema <<< "$reply"
    if [ "$schema" = pk+sk ] &&
      is_marked dynamodb list-tags-of-resource --resource-arn "$arn" --query "Tags[?Key=='$mark'].Value"; then
      table_there=yes
    else
      foreign+=("the table $table")
    fi
  fi
  bucket_there=
  if has_marked_bucket "$bucket"; then bucket_there=yes; fi
  packages_there=
  if has_marked_bucket "$packages"; then packages_there=yes; fi
  find_key "$sealing_alias"
  sealing=$key
  find_key "$signing_alias"
  signing=$key
  role_there=$(ask iam get-role --role-name "$role" --query Role.RoleName --output text)
  if [ -n "$role_there" ] && ! is_marked iam list-role-tags --role-name "$role" --query "Tags[?Key=='$mark'].Value"; then
    foreign+=("the role $role")
    role_there=
  fi
}
