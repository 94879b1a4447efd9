// What Tarn needs in a resource group, except the event subscriptions: those need the key of the deployed app, and follow in
// events.bicep. infra-bicep/deploy does both.
targetScope = 'resourceGroup'

@description('Region of everything; by default that of the resource group.')
param location string = resourceGroup().location

@description('Name of the function app, unique in all of Azure; the other resources are called after it.')
@minLength(3)
@maxLength(40)
param name string

@description('Name of the storage account that is the lake: 3 to 24 lower-case letters and digits, unique in all of Azure.')
@minLength(3)
@maxLength(24)
param storageAccountName string

@description('How the lake is kept: LRS on one site, ZRS on three of a region, GZRS also in a second region.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GZRS'
])
param storageSku string = 'Standard_LRS'

@description('Folders that are real (Data Lake Storage Gen2), for Spark by abfss. Cannot be changed later.')
param hierarchicalNamespace bool = false

@description('Days until a file in landing is deleted; 0 keeps it, in the cool tier after a month.')
@minValue(0)
param landingDays int = 0

@description('Java of the app.')
@allowed([
  '17'
  '21'
])
param javaVersion string = '17'

@description('Memory of an instance; it multiplies the price.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

@description('Most instances at a time. Azure takes no fewer than 40.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances that never sleep, paid by the hour: [{ name: \'http\', instanceCount: 1 }]. Groups are http, blob, or function:<name>.')
param alwaysReady array = []

@description('When the app looks at the sources that are due: second, minute, hour, day, month, weekday, in UTC.')
param extractSchedule string = '0 */5 * * * *'

@description('When the app looks for what no event announced.')
param sweepSchedule string = '30 */15 * * * *'

@description('When the app tends its tables.')
param maintainSchedule string = '0 20 * * * *'

@description('Secrets that the project names, as in ${secret:odoo-url}: [\'odoo-url\']. Their values go into the vault.')
param secretNames array = []

@description('Object ids of the people, groups or services that look after the lake: they may read and write it and its secrets.')
param operatorIds array = []

@description('Who is told by the alerts and the budget.')
param alertEmails array = []

@description('Minutes after which the freshness alert is raised when extract or sweep has not succeeded.')
@minValue(10)
@maxValue(300)
param freshnessMinutes int = 60

@description('GB-seconds of functions in a day above which the cost alert is raised.')
param dailyGbSeconds int = 20000

@description('Gigabytes of logs in a day; what is beyond is not kept.')
param dailyLogGb int = 1

@description('What the resource group may cost in a month, in the currency of the subscription; 0 makes no budget.')
param budgetAmount int = 0

@description('First day of the budget, the first of a month: 2026-12-01. Leave it as it is once the budget exists.')
param budgetStart string = ''

@description('Addresses of a new network for the app, /24 or larger: 10.60.0.0/24. Empty makes none.')
param networkPrefix string = ''

@description('Id of the network of a private database; the new network is peered with it. The peering back is its owner\'s.')
param databaseNetworkId string = ''

@description('Id of an existing subnet for the app, delegated to Microsoft.App/environments, instead of a new network.')
param functionsSubnetId string = ''

@description('Storage and vault are reached by private addresses of the new network, and otherwise by allowedIps only.')
param privateEndpoints bool = false

@description('Public addresses that may reach storage and vault in spite of privateEndpoints: where people and deployments come from.')
param allowedIps array = []

@description('A deleted vault or secret cannot be removed for good before a week is over. Cannot be taken back.')
param purgeProtection bool = true

@description('Memory of the whole process, as 1536M; empty lets the app decide.')
param memory string = ''

@description('Temporary disk that the app uses, as 640M; empty lets the app decide.')
param disk string = ''

@description('Folder on that disk; empty lets the app decide.')
param workspace string = ''

@description('Arguments for the JVM. They may cost Azure\'s warm placeholder and so lengthen the cold start; empty is recommended.')
param javaArguments string = ''

@description('Put on every resource, for the bill.')
param tags object = {}

var unique = uniqueString(resourceGroup().id, name)
var closed = privateEndpoints && !empty(networkPrefix)

module identities 'modules/identities.bicep' = {
  name: 'identities'
  params: {
    location: location
    name: name
    tags: tags
  }
}

module lake 'modules/storage.bicep' = {
  name: 'lake'
  params: {
    location: location
    name: storageAccountName
    sku: storageSku
    hierarchicalNamespace: hierarchicalNamespace
    closed: closed
    allowedIps: allowedIps
    landingDays: landingDays
    tags: tags
  }
}

module host 'modules/host-storage.bicep' = {
  name: 'host'
  params: {
    location: location
    name: 'sthost${unique}'
    closed: closed
    allowedIps: allowedIps
    tags: tags
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  params: {
    location: location
    name: 'kv-${unique}'
    closed: closed
    allowedIps: allowedIps
    purgeProtection: purgeProtection
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    location: location
    name: name
    alertEmails: alertEmails
    dailyLogGb: dailyLogGb
    tags: tags
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  params: {
    lakeName: lake.outputs.name
    hostName: host.outputs.name
    vaultName: vault.outputs.name
    insightsName: monitoring.outputs.insightsName
    deadLetters: host.outputs.deadLetters
    appPrincipalId: identities.outputs.appPrincipalId
    eventsPrincipalId: identities.outputs.eventsPrincipalId
    operatorIds: operatorIds
  }
}

module network 'modules/network.bicep' = if (!empty(networkPrefix)) {
  name: 'network'
  params: {
    location: location
    name: name
    prefix: networkPrefix
    databaseNetworkId: databaseNetworkId
    tags: tags
  }
}

module endpoints 'modules/endpoints.bicep' = if (closed) {
  name: 'endpoints'
  params: {
    location: location
    name: name
    networkId: network!.outputs.id
    subnetId: network!.outputs.endpointsSubnetId
    lakeId: lake.outputs.id
    hostId: host.outputs.id
    vaultId: vault.outputs.id
    tags: tags
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  // The first thing the app does is to use its rights.
  dependsOn: [
    roles
    endpoints
  ]
  params: {
    location: location
    name: name
    identityId: identities.outputs.appId
    clientId: identities.outputs.appClientId
    lakeName: lake.outputs.name
    lakeQueueEndpoint: lake.outputs.queueEndpoint
    hostBlobEndpoint: host.outputs.blobEndpoint
    hostQueueEndpoint: host.outputs.queueEndpoint
    hostTableEndpoint: host.outputs.tableEndpoint
    packages: host.outputs.packages
    vaultName: vault.outputs.name
    connectionString: monitoring.outputs.connectionString
    subnetId: empty(networkPrefix) ? functionsSubnetId : network!.outputs.functionsSubnetId
    javaVersion: javaVersion
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReady: alwaysReady
    extractSchedule: extractSchedule
    sweepSchedule: sweepSchedule
    maintainSchedule: maintainSchedule
    secretNames: secretNames
    memory: memory
    disk: disk
    workspace: workspace
    javaArguments: javaArguments
    tags: tags
  }
}

module topic 'modules/topic.bicep' = {
  name: 'topic'
  params: {
    location: location
    name: name
    lakeId: lake.outputs.id
    identityId: identities.outputs.eventsId
    tags: tags
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    location: location
    name: name
    workspaceId: monitoring.outputs.workspaceId
    topicId: topic.outputs.id
    actionGroupId: monitoring.outputs.actionGroupId
    instanceMemoryMB: instanceMemoryMB
    freshnessMinutes: freshnessMinutes
    dailyGbSeconds: dailyGbSeconds
    tags: tags
  }
}

module budget 'modules/budget.bicep' = if (budgetAmount > 0) {
  name: 'budget'
  params: {
    name: name
    amount: budgetAmount
    start: budgetStart
    emails: alertEmails
  }
}

@description('Address of the lake, for targets.<name>.lake in tarn.yml.')
output lake string = lake.outputs.blobEndpoint

@description('Name of the storage account that is the lake.')
output lakeName string = lake.outputs.name

@description('Name of the function app.')
output appName string = app.outputs.name

@description('Where the app answers.')
output hostName string = app.outputs.hostName

@description('Where the values of the secrets go.')
output vaultName string = vault.outputs.name

@description('The system topic and the rest of what events.bicep needs.')
output topicName string = topic.outputs.name
output topicId string = topic.outputs.id
output eventsIdentityId string = identities.outputs.eventsId
output hostStorageId string = host.outputs.id
output deadLetters string = host.outputs.deadLetters
