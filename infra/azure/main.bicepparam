// An example of a deployment, and what its snapshot is taken of.
using 'main.bicep'

param name = 'logarchive'
param location = 'westeurope'
param adminTokenSha256 = '0000000000000000000000000000000000000000000000000000000000000000'
param openSearchEndpoint = 'https://search.example.com'
param openSearchUsername = readEnvironmentVariable('OPENSEARCH_USERNAME', '')
param openSearchPassword = readEnvironmentVariable('OPENSEARCH_PASSWORD', '')
param alertEmail = 'ops@example.com'
