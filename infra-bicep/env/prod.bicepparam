using '../main.bicep'

// Choose your own: both names are unique in all of Azure.
param name = 'func-tarn-example'
param storageAccountName = 'stgexample'
param storageSku = 'Standard_ZRS'

// Who looks after the lake: az ad signed-in-user show --query id
param operatorIds = [
  readEnvironmentVariable('TARN_OPERATOR_ID')
]
param alertEmails = [
  'data@example.com'
]

// Every secret that the project names; infra-bicep/deploy says which have no value in the vault yet.
param secretNames = [
  'odoo-url'
  'supabase-url'
]

param budgetAmount = 50
param budgetStart = '2026-12-01'
param tags = {
  app: 'tarn'
  env: 'prod'
}
