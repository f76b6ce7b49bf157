// The function app, and the plan that it is paid by.

param app string
param location string
param tags object
param identityId string
param clientId string
param hostAccount string
param packages string
param telemetry string
param instanceMemory int
param instances int
param hostName string
param certificateName string

@description('What the functions read, as docs/configuration.md explains it')
param settings object

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: app
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true }
}

resource site 'Microsoft.Web/sites@2024-11-01' = {
  name: app
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    // On this plan a certificate is its app's, if the app was made so.
    #disable-next-line BCP037
    siteScopedCertificatesEnabled: true
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packages
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      runtime: { name: 'java', version: '21' }
      scaleAndConcurrency: { instanceMemoryMB: instanceMemory, maximumInstanceCount: instances }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
  }

  resource environment 'config' = {
    name: 'appsettings'
    properties: union(settings, {
      AZURE_CLIENT_ID: clientId
      AzureWebJobsStorage__accountName: hostAccount
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: clientId
      // Shippers send to the root, where the host would show a page of its own.
      AzureWebJobsDisableHomepage: 'true'
      // A little over what shippers may send, 10 MiB, so that the functions refuse it with their own words. What is larger
      // the host refuses, before it takes it into the memory of all.
      FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '16777216'
      APPLICATIONINSIGHTS_CONNECTION_STRING: telemetry
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${clientId};Authorization=AAD'
    })
  }

  // Packages come by Entra's tokens alone.
  resource noFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noScm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource certificate 'certificates' existing = if (!empty(hostName)) {
    name: empty(hostName) ? 'none' : certificateName
  }

  resource named 'hostNameBindings' = if (!empty(hostName)) {
    name: empty(hostName) ? 'none' : hostName
    properties: {
      hostNameType: 'Verified'
      sslState: 'SniEnabled'
      // Another with each renewal.
      thumbprint: empty(hostName) ? null : certificate!.properties.thumbprint
    }
  }
}

output id string = site.id
output name string = site.name
output url string = 'https://${empty(hostName) ? site.properties.defaultHostName : hostName}'
