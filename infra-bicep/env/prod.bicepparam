using '../main.bicep'

// Choose your own: the name is unique in all of Azure.
param storageAccountName = 'stgexample'
param storageSku = 'Standard_ZRS'
param tags = {
  app: 'tarn'
  env: 'prod'
}
