// What somebody must hear of. docs/how-to/operate.md says of each what it means and what to do.

param location string
param name string
param workspaceId string
param topicId string
param actionGroupId string
param instanceMemoryMB int
param freshnessMinutes int
param dailyGbSeconds int
param tags object

// Functions that must succeed again and again for the lake to be fresh.
var watched = [
  'extract'
  'sweep'
]

var rules = [
  {
    name: 'freshness'
    description: 'A function that keeps the lake fresh has not succeeded within the time allowed.'
    severity: 1
    evaluate: 'PT15M'
    window: 'PT6H'
    query: format('''
let watched = datatable(Name: string) ['{0}'];
watched
| join kind=leftouter (AppRequests | where Success | summarize Last = max(TimeGenerated) by Name) on Name
| where isnull(Last) or Last < ago({1}m)
| project Name, Last
''', join(watched, '\', \''), freshnessMinutes)
  }
  {
    name: 'poison'
    description: 'A blob, a message or a unit of work was given up after several tries.'
    severity: 1
    evaluate: 'PT15M'
    window: 'PT15M'
    query: '''
AppTraces
| where Message has 'MaxDequeueCount' or Message has 'webjobs-blobtrigger-poison' or Message has 'tarn-poison'
'''
  }
  {
    name: 'failures'
    description: 'A function failed three times or more within a quarter of an hour.'
    severity: 2
    evaluate: 'PT15M'
    window: 'PT15M'
    query: '''
AppRequests
| where not(Success) and coalesce(toint(ResultCode), 0) !between (400 .. 499)
| summarize Failures = count() by Name
| where Failures >= 3
'''
  }
  {
    name: 'cost'
    description: 'The functions used more memory seconds within a day than is planned for.'
    severity: 3
    evaluate: 'PT1H'
    window: 'P1D'
    query: format('''
AppRequests
| summarize GbSeconds = sum(ItemCount * max_of(DurationMs, 1000.0)) / 1000 * {0} / 1024
| where GbSeconds > {1}
''', instanceMemoryMB, dailyGbSeconds)
  }
]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2022-06-15' = [
  for rule in rules: {
    name: '${name}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${name}: ${rule.name}'
      description: rule.description
      severity: rule.severity
      enabled: true
      scopes: [
        workspaceId
      ]
      evaluationFrequency: rule.evaluate
      windowSize: rule.window
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      autoMitigate: true
      // The tables come with the first words of the app, after this.
      skipQueryValidation: true
      actions: {
        actionGroups: [
          actionGroupId
        ]
      }
    }
  }
]

resource undelivered 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-undelivered'
  location: 'global'
  tags: tags
  properties: {
    description: 'Event Grid gave up an event: it lies in the container undelivered.'
    severity: 2
    enabled: true
    scopes: [
      topicId
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'dead-lettered'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.EventGrid/systemTopics'
          metricName: 'DeadLetteredCount'
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Total'
          skipMetricValidation: true
        }
      ]
    }
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}
