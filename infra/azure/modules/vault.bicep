// The deployment's keys, and its login for OpenSearch.

param name string
param vault string
param location string
param tags object
param principalId string

@secure()
param openSearchUsername string

@secure()
param openSearchPassword string

resource keyVault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: vault
  location: location
  tags: tags
  properties: {
    sku: { family: 'A', name: 'standard' }
    tenantId: subscription().tenantId
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
  }

  // Seals customers' secrets. What an earlier version wrapped is unwrapped by that version, so it may be rotated.
  resource sealing 'keys' = {
    name: 'sealing'
    tags: tags
    properties: {
      kty: 'RSA'
      keySize: 3072
      keyOps: ['wrapKey', 'unwrapKey']
      attributes: { enabled: true, exportable: false }
      rotationPolicy: {
        lifetimeActions: [{ action: { type: 'rotate' }, trigger: { timeAfterCreate: 'P365D' } }]
      }
    }
  }

  // Signs ownership proofs. Another version would sign otherwise, and archives would look like another deployment's.
  resource signing 'keys' = {
    name: 'signing'
    tags: tags
    properties: {
      kty: 'RSA'
      keySize: 3072
      keyOps: ['sign']
      attributes: { enabled: true, exportable: false }
    }
  }

  resource username 'secrets' = {
    name: 'opensearch-username'
    tags: tags
    properties: { value: openSearchUsername }
  }

  resource password 'secrets' = {
    name: 'opensearch-password'
    tags: tags
    properties: { value: openSearchPassword }
  }
}

var serviceEncryptionUser = 'e147488a-f6f5-4113-8e2d-b22465e65bf6'
var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

// It reads, wraps and unwraps. No built-in role signs that does not change and copy keys too.
resource usesSealing 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(keyVault::sealing.id, principalId, serviceEncryptionUser)
  scope: keyVault::sealing
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', serviceEncryptionUser)
  }
}

resource signer 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, vault, 'signer')
  properties: {
    // A directory has one role of a name.
    roleName: 'Log Archive ${name} signer ${vault}'
    description: 'Signs by a key, and does nothing else with it'
    type: 'CustomRole'
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: ['Microsoft.KeyVault/vaults/keys/read', 'Microsoft.KeyVault/vaults/keys/sign/action']
        notDataActions: []
      }
    ]
    assignableScopes: [resourceGroup().id]
  }
}

resource usesSigning 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(keyVault::signing.id, principalId, signer.id)
  scope: keyVault::signing
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: signer.id
  }
}

resource readsUsername 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(keyVault::username.id, principalId, secretsUser)
  scope: keyVault::username
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

resource readsPassword 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(keyVault::password.id, principalId, secretsUser)
  scope: keyVault::password
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

output id string = keyVault.id
output name string = keyVault.name
output sealingKey string = keyVault::sealing.properties.keyUri
output signingKey string = keyVault::signing.properties.keyUriWithVersion
// Addresses, not what lies there.
#disable-next-line outputs-should-not-contain-secrets
output openSearchUsername string = keyVault::username.properties.secretUri
#disable-next-line outputs-should-not-contain-secrets
output openSearchPassword string = keyVault::password.properties.secretUri
