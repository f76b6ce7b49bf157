// Log Archive: copies logs to storage that their owners hold, and restores any window of them into temporary, searchable
// accounts.

@description('Names the deployment and, with a suffix of the resource group, all that is made; lower-case letters and digits, a letter first')
@minLength(3)
@maxLength(10)
param name string

param location string = resourceGroup().location

@description('On all that is made')
param tags object = {}

@description('SHA-256 of the administrator\'s token, which makes accounts; ./logarchive token prints both')
@minLength(64)
@maxLength(64)
param adminTokenSha256 string

@description('Address of an OpenSearch cluster, 3.5 or later, as https://host')
@minLength(8)
param openSearchEndpoint string

@description('Its user')
@secure()
param openSearchUsername string

@description('The user\'s password')
@secure()
param openSearchPassword string

@description('Copies that the cluster keeps of each restored account; a single node has room for none')
@minValue(0)
@maxValue(5)
param openSearchReplicas int = 1

@description('Names the deployment in the proofs that it leaves in customers\' containers; empty for its name. Never change it')
param deploymentId string = ''

@description('Address that gets alerts; empty for none')
param alertEmail string = ''

@description('Domain name of the API, such as logs.example.com, which is the function app\'s already; empty for the one that Azure gives it')
param hostName string = ''

@description('Name of its certificate, which is the function app\'s; goes with hostName')
param certificateName string = ''

@description('Gigabytes of telemetry that are kept a day; the rest of that day is lost')
@minValue(1)
param telemetryGbPerDay int = 1

@description('How long telemetry is kept, in days')
@minValue(30)
@maxValue(730)
param telemetryDays int = 30

@description('Whether the rule that takes query strings out of telemetry is there from a deployment before. deploy looks')
param scrubbing 'new' | 'existing' = 'new'

@description('Memory of an instance, in MB')
param instanceMemory 2048 | 4096 = 2048

@description('Instances at once of each group of functions. Azure takes fewer than 40 in some regions only')
@minValue(1)
@maxValue(1000)
param instances int = 40

@description('GB-seconds in an hour from which on an alert tells that the functions cost more than they should')
@minValue(1)
param executionUnitsPerHour int = 200000

@description('Not above INFO: alerts read the lines of what works, too')
param logLevel 'DEBUG' | 'INFO' = 'INFO'

// Limits, as docs/configuration.md explains them.
param ingestEventHours int = 48
param restoreHours int = 24
param restoreGb int = 100
param restoreSlots int = 5
param restoreSliceRawBytes int = 268435456
param restoreSliceStoredBytes int = 67108864
param restoreSliceObjects int = 1000
param restoreBulkLogs int = 10000
param restoreBulkBytes int = 5242880
param restoreStartGraceSeconds int = 60
param auditDays int = 400
param controlRequestsPerMinute int = 300
param searchRequestsPerMinute int = 300
param ingestRequestsPerSecond int = 1000
param ingestBytesPerSecond int = 50000000
param sharedBuckets bool = false

var suffix = uniqueString(resourceGroup().id, name)
var marked = union(tags, { 'logarchive:deployment': name })

// Who the functions are: to the host's storage, to the deployment's data, to the vault and to telemetry.
resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-functions'
  location: location
  tags: marked
}

module data 'modules/data.bicep' = {
  name: '${name}-data'
  params: {
    account: '${name}data${take(suffix, 10)}'
    location: location
    tags: marked
    principalId: identity.properties.principalId
  }
}

module host 'modules/host.bicep' = {
  name: '${name}-host'
  params: {
    account: '${name}host${take(suffix, 10)}'
    location: location
    tags: marked
    principalId: identity.properties.principalId
  }
}

module vault 'modules/vault.bicep' = {
  name: '${name}-vault'
  params: {
    name: name
    vault: '${name}-${suffix}'
    location: location
    tags: marked
    principalId: identity.properties.principalId
    openSearchUsername: openSearchUsername
    openSearchPassword: openSearchPassword
  }
}

module telemetry 'modules/telemetry.bicep' = {
  name: '${name}-telemetry'
  params: {
    name: name
    location: location
    tags: marked
    principalId: identity.properties.principalId
    gbPerDay: telemetryGbPerDay
    days: telemetryDays
    scrubbing: scrubbing
  }
}

module app 'modules/app.bicep' = {
  name: '${name}-app'
  params: {
    app: '${name}-${suffix}'
    location: location
    tags: marked
    identityId: identity.id
    clientId: identity.properties.clientId
    hostAccount: host.outputs.account
    packages: host.outputs.packages
    telemetry: telemetry.outputs.connectionString
    instanceMemory: instanceMemory
    instances: instances
    hostName: empty(hostName) == empty(certificateName)
      ? hostName
      : fail('hostName and certificateName go together: docs/deploy-azure.md, "A domain name"')
    certificateName: certificateName
    settings: {
      DEPLOYMENT_ID: empty(deploymentId) ? name : deploymentId
      ADMIN_TOKEN_SHA256: adminTokenSha256
      TABLE_ENDPOINT: data.outputs.tables
      TABLE_NAME: data.outputs.table
      BLOB_ENDPOINT: data.outputs.blobs
      DEPLOYMENT_CONTAINER: data.outputs.container
      SEALING_KEY_URL: vault.outputs.sealingKey
      SIGNING_KEY_URL: vault.outputs.signingKey
      OPENSEARCH_ENDPOINT: openSearchEndpoint
      OPENSEARCH_USERNAME: '@Microsoft.KeyVault(SecretUri=${vault.outputs.openSearchUsername})'
      OPENSEARCH_PASSWORD: '@Microsoft.KeyVault(SecretUri=${vault.outputs.openSearchPassword})'
      OPENSEARCH_REPLICAS: string(openSearchReplicas)
      LOG_LEVEL: logLevel
      INGEST_EVENT_HOURS: string(ingestEventHours)
      RESTORE_HOURS: string(restoreHours)
      RESTORE_GB: string(restoreGb)
      RESTORE_SLOTS: string(restoreSlots)
      RESTORE_SLICE_RAW_BYTES: string(restoreSliceRawBytes)
      RESTORE_SLICE_STORED_BYTES: string(restoreSliceStoredBytes)
      RESTORE_SLICE_OBJECTS: string(restoreSliceObjects)
      RESTORE_BULK_LOGS: string(restoreBulkLogs)
      RESTORE_BULK_BYTES: string(restoreBulkBytes)
      RESTORE_START_GRACE_SECONDS: string(restoreStartGraceSeconds)
      AUDIT_DAYS: string(auditDays)
      CONTROL_REQUESTS_PER_MINUTE: string(controlRequestsPerMinute)
      SEARCH_REQUESTS_PER_MINUTE: string(searchRequestsPerMinute)
      INGEST_REQUESTS_PER_SECOND: string(ingestRequestsPerSecond)
      INGEST_BYTES_PER_SECOND: string(ingestBytesPerSecond)
      SHARED_BUCKETS: sharedBuckets ? 'true' : 'false'
    }
  }
}

module alerts 'modules/alerts.bicep' = {
  name: '${name}-alerts'
  params: {
    name: name
    location: location
    tags: marked
    email: alertEmail
    appId: app.outputs.id
    dataId: data.outputs.id
    hostId: host.outputs.id
    vaultId: vault.outputs.id
    workspaceId: telemetry.outputs.workspaceId
    executionUnitsPerHour: executionUnitsPerHour
  }
}

@description('Where the API answers')
output apiUrl string = app.outputs.url

@description('Where shippers send logs')
output ingestUrl string = '${app.outputs.url}/'

@description('The function app, which takes the package')
output appName string = app.outputs.name

@description('Keeps accounts, settings and restores')
output dataAccount string = data.outputs.account

@description('Keeps the deployment\'s keys')
output vaultName string = vault.outputs.name
