// Another example: an update, with a domain name and without anybody to tell of alerts.
using 'main.bicep'

param name = 'log'
param location = 'westeurope'
param scrubbing = 'existing'
param deploymentId = 'first'
param adminTokenSha256 = '0000000000000000000000000000000000000000000000000000000000000000'
param openSearchEndpoint = 'https://search.example.com'
param openSearchUsername = readEnvironmentVariable('OPENSEARCH_USERNAME', '')
param openSearchPassword = readEnvironmentVariable('OPENSEARCH_PASSWORD', '')
param openSearchReplicas = 0
param hostName = 'logs.example.com'
param certificateName = 'logs-example-com'
param tags = { team: 'operations' }
