require('./needs-node.js')

// Azurite is a process of its own: it ends when the one that started it closes its input, or is killed. It would stay
// for ever where it cannot write any more, as when its folder is deleted.
const longestEnd = 10000
process.stdin.resume().unref().on('end', () => {
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.exit(1), longestEnd).unref()
})

// Ctrl-C and the end of a terminal reach it too, while the one that started it still has to write.
const shared = ['SIGINT', 'SIGHUP']
shared.forEach(signal => process.on(signal, () => {}))
process.on('newListener', (event, listener) => {
  if (shared.includes(event)) process.nextTick(() => process.off(event, listener))
})
