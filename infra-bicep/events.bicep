// The second phase: Event Grid wakes the app. It needs a key that the host makes when it first runs the deployed app.
targetScope = 'resourceGroup'

param appName string
param hostName string
param topicName string
param eventsIdentityId string
param hostStorageId string
param deadLetters string

// container: where the blobs come from, in which folder of it. commits: only the commits of tables there.
var subscriptions = [
  {
    function: 'fileArrived'
    container: 'landing'
    folder: ''
    commits: false
  }
  {
    function: 'drain'
    container: 'tarn'
    folder: 'inbox/'
    commits: false
  }
  {
    function: 'cleanse'
    container: 'bronze'
    folder: ''
    commits: true
  }
  {
    function: 'aggregate'
    container: 'silver'
    folder: ''
    commits: true
  }
  {
    function: 'publish'
    container: 'gold'
    folder: ''
    commits: true
  }
]

// One upload makes several events where folders are real; these calls are the ones that end it.
var complete = {
  key: 'data.api'
  operatorType: 'StringIn'
  values: [
    'PutBlob'
    'PutBlockList'
    'CopyBlob'
    'FlushWithClose'
    'SftpCommit'
  ]
}

var inLog = {
  key: 'Subject'
  operatorType: 'StringContains'
  values: [
    '/_delta_log/'
  ]
}

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: appName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

var key = listKeys('${app.id}/host/default', '2024-04-01').systemKeys.blobs_extension

// One after another: the topic refuses to be changed by two at once.
@batchSize(1)
resource wakes 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = [
  for subscription in subscriptions: {
    parent: topic
    name: subscription.function
    properties: {
      destination: {
        endpointType: 'WebHook'
        properties: {
          endpointUrl: 'https://${hostName}/runtime/webhooks/blobs?functionName=Host.Functions.${subscription.function}&code=${key}'
          maxEventsPerBatch: 1
          preferredBatchSizeInKilobytes: 64
        }
      }
      eventDeliverySchema: 'EventGridSchema'
      filter: {
        includedEventTypes: [
          'Microsoft.Storage.BlobCreated'
        ]
        subjectBeginsWith: '/blobServices/default/containers/${subscription.container}/blobs/${subscription.folder}'
        subjectEndsWith: subscription.commits ? '.json' : ''
        advancedFilters: subscription.commits ? [
          complete
          inLog
        ] : [
          complete
        ]
      }
      retryPolicy: {
        maxDeliveryAttempts: 30
        eventTimeToLiveInMinutes: 1440
      }
      deadLetterWithResourceIdentity: {
        identity: {
          type: 'UserAssigned'
          userAssignedIdentity: eventsIdentityId
        }
        deadLetterDestination: {
          endpointType: 'StorageBlob'
          properties: {
            resourceId: hostStorageId
            blobContainerName: deadLetters
          }
        }
      }
    }
  }
]
