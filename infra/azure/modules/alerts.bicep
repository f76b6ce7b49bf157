// Alerts on metrics of Azure's own, which come however much telemetry the cap has let in that day.

param name string
param tags object
param email string
param appId string
param dataId string
param hostId string
param vaultId string
param executionUnitsPerHour int

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${name}-alerts'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: take(name, 12)
    emailReceivers: empty(email) ? [] : [{ name: 'operator', emailAddress: email, useCommonAlertSchema: true }]
  }
}

type alert = {
  name: string
  description: string
  severity: int
  scope: string
  namespace: string
  metric: string
  aggregation: 'Average' | 'Count' | 'Total'
  operator: 'GreaterThan' | 'LessThan'
  threshold: int
  window: 'PT5M' | 'PT15M' | 'PT1H'
  dimension: { name: string, values: string[] }?
}

var web = 'Microsoft.Web/sites'
var storage = 'Microsoft.Storage/storageAccounts'
var keys = 'Microsoft.KeyVault/vaults'
var throttled = { name: 'ResponseType', values: ['ClientThrottlingError', 'ServerBusyError'] }

var alerts alert[] = [
  {
    name: 'http-5xx'
    description: 'Shippers or users get 5xx'
    severity: 1
    scope: appId
    namespace: web
    metric: 'Http5xx'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 10
    window: 'PT5M'
  }
  {
    name: 'schedule-stopped'
    description: 'No function has run for a quarter of an hour, though one is due every minute'
    severity: 1
    scope: appId
    namespace: web
    metric: 'OnDemandFunctionExecutionCount'
    aggregation: 'Total'
    operator: 'LessThan'
    threshold: 1
    window: 'PT15M'
  }
  {
    name: 'execution-units'
    description: 'The functions cost more in an hour than they should'
    severity: 2
    scope: appId
    namespace: web
    metric: 'OnDemandFunctionExecutionUnits'
    aggregation: 'Total'
    operator: 'GreaterThan'
    // The metric counts MB-milliseconds.
    threshold: executionUnitsPerHour * 1024000
    window: 'PT1H'
  }
  {
    name: 'data-failing'
    description: 'The storage of accounts, settings and restores fails'
    severity: 1
    scope: dataId
    namespace: storage
    metric: 'Availability'
    aggregation: 'Average'
    operator: 'LessThan'
    threshold: 99
    window: 'PT5M'
  }
  {
    name: 'data-throttled'
    description: 'The storage of accounts, settings and restores slows requests down'
    severity: 2
    scope: dataId
    namespace: storage
    metric: 'Transactions'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 100
    window: 'PT15M'
    dimension: throttled
  }
  {
    name: 'host-failing'
    description: 'The storage of the Functions host fails'
    severity: 1
    scope: hostId
    namespace: storage
    metric: 'Availability'
    aggregation: 'Average'
    operator: 'LessThan'
    threshold: 99
    window: 'PT5M'
  }
  {
    name: 'host-throttled'
    description: 'The storage of the Functions host slows restores down'
    severity: 2
    scope: hostId
    namespace: storage
    metric: 'Transactions'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 100
    window: 'PT15M'
    dimension: throttled
  }
  {
    name: 'vault-failing'
    description: 'Key Vault fails: secrets cannot be sealed or opened'
    severity: 1
    scope: vaultId
    namespace: keys
    metric: 'Availability'
    aggregation: 'Average'
    operator: 'LessThan'
    threshold: 99
    window: 'PT5M'
  }
  {
    name: 'vault-refusing'
    description: 'Key Vault refuses or slows down what the functions ask for'
    severity: 1
    scope: vaultId
    namespace: keys
    metric: 'ServiceApiResult'
    aggregation: 'Count'
    operator: 'GreaterThan'
    threshold: 5
    window: 'PT15M'
    dimension: { name: 'StatusCode', values: ['403', '429'] }
  }
]

resource rules 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for alert in alerts: {
    name: '${name}-${alert.name}'
    location: 'global'
    tags: tags
    properties: {
      description: alert.description
      severity: alert.severity
      enabled: true
      autoMitigate: true
      scopes: [alert.scope]
      evaluationFrequency: 'PT5M'
      windowSize: alert.window
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: alert.name
            metricNamespace: alert.namespace
            metricName: alert.metric
            timeAggregation: alert.aggregation
            operator: alert.operator
            threshold: alert.threshold
            dimensions: alert.?dimension == null
              ? []
              : [{ name: alert.dimension!.name, operator: 'Include', values: alert.dimension!.values }]
            // Some have no value before the first request.
            skipMetricValidation: true
          }
        ]
      }
      actions: [{ actionGroupId: group.id }]
    }
  }
]
