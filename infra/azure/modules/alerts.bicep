// Alerts: on metrics of Azure's own, which come however much telemetry the cap has let in that day, and on what the
// functions log, which is seen only until the cap of the day is reached.

param name string
param location string
param tags object
param email string
param appId string
param dataId string
param hostId string
param vaultId string
param workspaceId string
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
var throttled = {
  name: 'ResponseType'
  values: [
    'ClientThrottlingError'
    'ClientAccountRequestThrottlingError'
    'ClientAccountBandwidthThrottlingError'
    'ServerBusyError'
  ]
}

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

// One line that a function logged is one row; a query finds rows only if there is cause for alarm.
var lines = 'AppTraces | where Message startswith "{\\"time\\":" | extend line = parse_json(Message), task = tostring(parse_json(Message).function)'
var failed = '${lines} | where tostring(line.message) == "invocation failed"'

type logAlert = {
  name: string
  description: string
  severity: int
  query: string
  frequency: 'PT5M' | 'PT15M'
  window: 'PT15M' | 'PT30M' | 'PT1H'
}

// Windows are longer than what lies between two looks: a line may come minutes late.
var logAlerts logAlert[] = [
  {
    name: 'logs-refused'
    description: 'Lines are refused, because they are no logs or too long'
    severity: 2
    query: '${lines} | extend refused = line.counts.LogsRefused | summarize lines = sum(coalesce(tolong(refused.Malformed), 0) + coalesce(tolong(refused.Oversized), 0) + coalesce(tolong(refused.Empty), 0)) | where lines >= 300'
    frequency: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'logs-deferred'
    description: 'Logs cannot be archived now; their shippers are told to send them again'
    severity: 1
    // Twice in an hour: shippers come again after minutes, and one slow call is no cause for alarm.
    query: '${lines} | where tolong(line.counts.LogsDeferred) > 0 | summarize times = dcount(bin(TimeGenerated, 5m)) | where times >= 2'
    frequency: 'PT15M'
    window: 'PT1H'
  }
  {
    name: 'storage-errors'
    description: 'Customers\' storage refuses or fails'
    severity: 2
    query: '${lines} | where isnotnull(line.counts.StorageErrors) | summarize calls = count() | where calls >= 15'
    frequency: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'http-errors'
    description: 'Shippers or users get 5xx, by the functions\' own lines'
    severity: 1
    query: '${lines} | where tolong(line.status) >= 500 | summarize calls = count() | where calls > 10'
    frequency: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'function-errors'
    description: 'A function ended without an answer, or does not start'
    severity: 1
    query: 'union (${failed} | where tostring(line.level) == "ERROR"), (AppExceptions | where OuterMessage has "docs/configuration.md" or InnermostMessage has "docs/configuration.md"), (AppTraces | where Message startswith "Timeout value of")'
    frequency: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'archive-damaged'
    description: 'Restores meet places in archives that cannot be read'
    severity: 2
    query: '${lines} | where tolong(line.counts.DamagedBlocks) > 0'
    frequency: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'restores-failed'
    description: 'A restore failed'
    severity: 1
    query: '${lines} | where tolong(line.counts.RestoresEnded.FAILED) > 0'
    frequency: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'restores-late'
    description: 'A restore is in progress for more than six hours'
    severity: 2
    query: '${lines} | where tolong(line.counts.OldestRestore) > 21600'
    frequency: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'restore-request-errors'
    description: 'The function that starts restores for events fails'
    severity: 2
    query: '${failed} | where task == "RestoreRequested"'
    frequency: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'lost-restore-requests'
    description: 'A restore that was asked for by an event was not started'
    severity: 1
    query: 'AppTraces | where Message has "restore-requests-poison" and Message has "MaxDequeueCount"'
    frequency: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'restore-step-errors'
    description: 'Steps of restores fail, again and again'
    severity: 2
    query: '${failed} | where isnotnull(line.restoreId) and task !in ("RestoreRequested", "SweepRestores", "ExpireRestores") | summarize steps = count() | where steps >= 60'
    frequency: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'workflow-failed'
    description: 'A restore workflow failed'
    severity: 1
    query: 'AppTraces | where Message has "Orchestrator" and Message has "failed with an error"'
    frequency: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'schedule-errors'
    description: 'Expiry or sweeping fails run after run, or the nightly removal failed'
    severity: 1
    query: '${failed} | summarize often = countif(task in ("SweepRestores", "ExpireRestores")), nightly = countif(task == "RemoveExpired") | where often >= 3 or nightly > 0'
    frequency: 'PT15M'
    window: 'PT30M'
  }
  {
    name: 'schedule-stopped'
    description: 'The sweeper, or the expiry of restored accounts, has not run for a quarter of an hour'
    severity: 1
    query: '${lines} | summarize sweeps = countif(task == "SweepRestores"), expiries = countif(task == "ExpireRestores") | where sweeps == 0 or expiries == 0'
    frequency: 'PT5M'
    window: 'PT15M'
  }
  {
    name: 'telemetry-cap'
    description: 'No telemetry is taken until tomorrow: the alerts on log lines see nothing'
    severity: 1
    query: '_LogOperation | where Category =~ "Ingestion" and Detail has "OverQuota"'
    frequency: 'PT15M'
    window: 'PT1H'
  }
]

resource logRules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in logAlerts: {
    name: '${name}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      description: alert.description
      severity: alert.severity
      enabled: true
      autoMitigate: true
      scopes: [workspaceId]
      evaluationFrequency: alert.frequency
      windowSize: alert.window
      // A workspace has no tables of these names before the first line.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [group.id] }
    }
  }
]
