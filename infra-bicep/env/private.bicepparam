using '../main.bicep'

// A lake whose storage and secrets have private addresses, and whose Odoo database is on a private network.
param name = 'func-tarn-private'
param storageAccountName = 'stprivateexample'
param storageSku = 'Standard_ZRS'
param operatorIds = [
  readEnvironmentVariable('TARN_OPERATOR_ID')
]
param alertEmails = [
  'data@example.com'
]
param secretNames = [
  'odoo-url'
  'supabase-url'
]

param networkPrefix = '10.60.0.0/24'
param databaseNetworkId = '/subscriptions/<subscription>/resourceGroups/<group>/providers/Microsoft.Network/virtualNetworks/<network>'
param privateEndpoints = true
param allowedIps = [
  '203.0.113.7'
]
param budgetAmount = 120
param budgetStart = '2026-12-01'
