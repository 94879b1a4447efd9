// The function app, on a plan that sleeps when nothing happens.

param location string
param name string
param identityId string
param clientId string
param lakeName string
param lakeQueueEndpoint string
param hostBlobEndpoint string
param hostQueueEndpoint string
param hostTableEndpoint string
param packages string
param vaultName string
param connectionString string
param subnetId string
param javaVersion string
param instanceMemoryMB int
param maximumInstanceCount int
param alwaysReady array
param extractSchedule string
param sweepSchedule string
param maintainSchedule string
param secretNames array
param memory string
param disk string
param workspace string
param javaArguments string
param tags object

var statusKey = 'tarn-status-key'

// Not here, since Flex Consumption refuses them: FUNCTIONS_WORKER_RUNTIME and FUNCTIONS_EXTENSION_VERSION.
var settings = {
  AzureWebJobsStorage__blobServiceUri: hostBlobEndpoint
  AzureWebJobsStorage__queueServiceUri: hostQueueEndpoint
  AzureWebJobsStorage__tableServiceUri: hostTableEndpoint
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: clientId
  // The trigger needs both: blobs it reads, and a queue that it keeps beside them.
  LakeStorage__blobServiceUri: 'https://${lakeName}.blob.${environment().suffixes.storage}'
  LakeStorage__queueServiceUri: lakeQueueEndpoint
  LakeStorage__credential: 'managedidentity'
  LakeStorage__clientId: clientId
  TARN_LAKE: 'https://${lakeName}.blob.${environment().suffixes.storage}'
  TARN_IDENTITY: clientId
  TARN_STATUS_KEY: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=${statusKey})'
  ExtractSchedule: extractSchedule
  SweepSchedule: sweepSchedule
  MaintainSchedule: maintainSchedule
  APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${clientId};Authorization=AAD'
}

// Left out when empty: then the app decides.
var tuning = {
  TARN_MEMORY: memory
  TARN_DISK: disk
  TARN_WORKSPACE: workspace
  languageWorkers__java__arguments: javaArguments
}

var secrets = toObject(
  secretNames,
  secret => 'TARN_SECRET_${toUpper(replace(secret, '-', '_'))}',
  secret => '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=${secret})'
)

var chosen = toObject(
  filter(items(tuning), setting => !empty(setting.value)),
  setting => setting.key,
  setting => setting.value
)

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostBlobEndpoint}${packages}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'java'
        version: javaVersion
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReady
      }
    }
  }
}

resource appSettings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: union(settings, chosen, secrets)
}

// Deployment by name and password stays closed.
resource ftp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource scm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

output id string = app.id
output name string = app.name
output hostName string = app.properties.defaultHostName
