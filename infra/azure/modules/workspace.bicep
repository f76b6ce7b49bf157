// The workspace of telemetry. It names the rule that looks at what comes in, and the rule names it: it is made, then the rule,
// then it is told of the rule.

param name string
param location string
param tags object
param gbPerDay int
param days int
param ruleId string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  // It has 4 characters or more, and a deployment's name may have 3.
  name: '${name}-telemetry'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: days
    workspaceCapping: { dailyQuotaGb: gbPerDay }
    features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true }
    defaultDataCollectionRuleResourceId: empty(ruleId) ? null : ruleId
  }
}

output id string = workspace.id
