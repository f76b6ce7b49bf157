// The deployment's own data, in an account apart from the host's: the host needs the run of a whole account.

param account string
param location string
param tags object
param principalId string

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: account
  location: location
  tags: tags
  sku: { name: 'Standard_ZRS' }
  kind: 'StorageV2'
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }

  resource tables 'tableServices' = {
    name: 'default'

    resource table 'tables' = {
      name: 'logarchive'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: { enabled: false }
    }

    // Holds restores' plans, which are written once and read again until the restore has ended.
    resource plans 'containers' = {
      name: 'plans'
      properties: { publicAccess: 'None' }
    }
  }

  resource lifecycle 'managementPolicies' = {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            name: 'plans'
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: ['plans/restores/'] }
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 30 } } }
            }
          }
        ]
      }
    }
    dependsOn: [blobs]
  }
}

// Accounts and settings are lost with this account.
resource lock 'Microsoft.Authorization/locks@2020-05-01' = {
  name: 'data'
  scope: storage
  properties: { level: 'CanNotDelete', notes: 'Accounts, settings and restores.' }
}

var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

resource usesTable 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage::tables::table.id, principalId, tableDataContributor)
  scope: storage::tables::table
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
  }
}

resource usesPlans 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage::blobs::plans.id, principalId, blobDataContributor)
  scope: storage::blobs::plans
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
  }
}

output id string = storage.id
output account string = storage.name
output table string = storage::tables::table.name
output container string = storage::blobs::plans.name
output tables string = 'https://${storage.name}.table.${environment().suffixes.storage}'
output blobs string = 'https://${storage.name}.blob.${environment().suffixes.storage}'
