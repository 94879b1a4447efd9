// What Tarn needs in a resource group. Grows with the functions; today the lake.
targetScope = 'resourceGroup'

@description('Region of everything; by default that of the resource group.')
param location string = resourceGroup().location

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

@description('Put on every resource, for the bill.')
param tags object = {}

module lake 'modules/storage.bicep' = {
  name: 'lake'
  params: {
    location: location
    name: storageAccountName
    sku: storageSku
    tags: tags
  }
}

@description('Address of the lake, for targets.<name>.lake in tarn.yml.')
output lake string = lake.outputs.blobEndpoint

@description('For role assignments: Storage Blob Data Contributor is what Tarn needs.')
output storageAccountId string = lake.outputs.id
