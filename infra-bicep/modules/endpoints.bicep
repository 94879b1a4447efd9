// Storage and secrets by addresses of the private network.

param location string
param name string
param networkId string
param subnetId string
param lakeId string
param hostId string
param vaultId string
param tags object

var storageSuffix = environment().suffixes.storage

var zoneNames = [
  'privatelink.blob.${storageSuffix}'
  'privatelink.queue.${storageSuffix}'
  'privatelink.table.${storageSuffix}'
  'privatelink.vaultcore.azure.net'
]

// zone: place in zoneNames.
var targets = [
  {
    name: 'lake-blob'
    id: lakeId
    group: 'blob'
    zone: 0
  }
  {
    name: 'lake-queue'
    id: lakeId
    group: 'queue'
    zone: 1
  }
  {
    name: 'host-blob'
    id: hostId
    group: 'blob'
    zone: 0
  }
  {
    name: 'host-queue'
    id: hostId
    group: 'queue'
    zone: 1
  }
  {
    name: 'host-table'
    id: hostId
    group: 'table'
    zone: 2
  }
  {
    name: 'vault'
    id: vaultId
    group: 'vault'
    zone: 3
  }
]

resource zones 'Microsoft.Network/privateDnsZones@2020-06-01' = [
  for zone in zoneNames: {
    name: zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = [
  for (zone, i) in zoneNames: {
    parent: zones[i]
    name: name
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: networkId
      }
    }
  }
]

resource endpoints 'Microsoft.Network/privateEndpoints@2023-11-01' = [
  for target in targets: {
    name: 'pe-${name}-${target.name}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: subnetId
      }
      privateLinkServiceConnections: [
        {
          name: target.name
          properties: {
            privateLinkServiceId: target.id
            groupIds: [
              target.group
            ]
          }
        }
      ]
    }
  }
]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2023-11-01' = [
  for (target, i) in targets: {
    parent: endpoints[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: target.group
          properties: {
            privateDnsZoneId: zones[target.zone].id
          }
        }
      ]
    }
  }
]
