// Requests, traces and exceptions of the functions, without what a query string carries: shipping tokens.

param name string
param location string
param tags object
param principalId string
param gbPerDay int
param days int
param scrubbing 'new' | 'existing'

var ruleId = resourceId('Microsoft.Insights/dataCollectionRules', '${name}-scrubbing')

module made 'workspace.bicep' = {
  name: '${name}-workspace'
  params: {
    name: name
    location: location
    tags: tags
    gbPerDay: gbPerDay
    days: days
    ruleId: scrubbing == 'existing' ? ruleId : ''
  }
}

resource rule 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: '${name}-scrubbing'
  location: location
  tags: tags
  kind: 'WorkspaceTransforms'
  properties: {
    destinations: {
      logAnalytics: [{ name: 'workspace', workspaceResourceId: made.outputs.id }]
    }
    dataFlows: [
      {
        streams: ['Microsoft-Table-AppRequests']
        destinations: ['workspace']
        transformKql: 'source | extend Url = tostring(split(Url, "?")[0]), Name = tostring(split(Name, "?")[0])'
      }
    ]
  }
}

module ruled 'workspace.bicep' = {
  name: '${name}-workspace-ruled'
  params: {
    name: name
    location: location
    tags: tags
    gbPerDay: gbPerDay
    days: days
    ruleId: rule.id
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: name
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    // Only once nothing of a query string is kept.
    WorkspaceResourceId: ruled.outputs.id
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
  }
}

var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource publishes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, principalId, metricsPublisher)
  scope: insights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
  }
}

output connectionString string = insights.properties.ConnectionString
output workspaceId string = ruled.outputs.id
