# What deploy and remove have in common; they read it in and set name before they call it.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

fail() {
  echo "${0##*/}: $1" >&2
  exit 1
}

say() {
  echo "$1" >&2
}

mark=logarchive:deployment

# A location as Azure itself writes it: westeurope, not West Europe.
normal() {
  tr -d ' ' <<< "$1" | tr '[:upper:]' '[:lower:]'
}

check_name() {
  [[ $name =~ ^[a-z][a-z0-9]{2,9}$ ]] ||
    fail "the name has 3 to 10 lower-case letters and digits and begins with a letter, not '$name'"
}

find_subscription() {
  command -v az > /dev/null || fail "there is no az on the PATH: install the Azure CLI, 2.60 or newer"
  subscription=$(az account show --query name --output tsv) || fail "az is not signed in: 'az login'"
}

# Whether the resource group is there, and where; one that is not Log Archive's ends the script.
find_group() {
  local reply owner
  group_location=
  group_there=$(az group exists --name "$name")
  if [ "$group_there" = true ]; then
    reply=$(az group show --name "$name" --query "[location, tags.\"$mark\"]" --output tsv)
    {
      read -r group_location
      read -r owner
    } < <(tr '\t' '\n' <<< "$reply")
    [ "$owner" = "$name" ] ||
      fail "the resource group $name does not bear the tag $mark=$name, so it is not Log Archive's: take another name"
  fi
}
