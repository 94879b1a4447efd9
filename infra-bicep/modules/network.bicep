// A way out to a database on a private network, and room for private endpoints.

param location string
param name string
param prefix string
param databaseNetworkId string
param tags object

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: 'vnet-${name}'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        prefix
      ]
    }
    subnets: [
      {
        name: 'functions'
        properties: {
          addressPrefix: cidrSubnet(prefix, 26, 0)
          // Flex Consumption runs there; the older Microsoft.Web/serverFarms is refused.
          delegations: [
            {
              name: 'functions'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(prefix, 27, 2)
        }
      }
    ]
  }
}

// One half: the owner of the other network makes the peering back.
resource peering 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2023-11-01' = if (!empty(databaseNetworkId)) {
  parent: network
  name: 'to-database'
  properties: {
    remoteVirtualNetwork: {
      id: databaseNetworkId
    }
    allowVirtualNetworkAccess: true
    allowForwardedTraffic: true
  }
}

output id string = network.id
output functionsSubnetId string = '${network.id}/subnets/functions'
output endpointsSubnetId string = '${network.id}/subnets/endpoints'
