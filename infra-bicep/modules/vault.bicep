// The secrets that a project names. Their values are put in by people and never stand in a template.

param location string
param name string
param closed bool
param allowedIps array
param purgeProtection bool
param tags object

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
    // Azure knows no false here: the protection is asked for or not mentioned.
    enablePurgeProtection: purgeProtection ? true : null
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: closed ? 'Deny' : 'Allow'
      ipRules: [for ip in allowedIps: {
        value: ip
      }]
    }
  }
}

output id string = vault.id
output name string = vault.name
