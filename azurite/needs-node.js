// Azurite asks for 22, and what is used of it works with 20 too.
const oldest = 20

if (parseInt(process.versions.node, 10) < oldest) {
  console.error(`Azurite needs Node ${oldest} or newer, and the one on the PATH is ${process.versions.node}`)
  process.exit(3)
}
