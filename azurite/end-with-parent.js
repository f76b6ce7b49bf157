require('./needs-node.js')

// Azurite is a process of its own: it ends when the one that started it closes its input, or is killed.
process.stdin.resume().on('end', () => process.kill(process.pid, 'SIGTERM')).unref()

// Ctrl-C and the end of a terminal reach it too, while the one that started it still has to write.
const shared = ['SIGINT', 'SIGHUP']
shared.forEach(signal => process.on(signal, () => {}))
process.on('newListener', (event, listener) => {
  if (shared.includes(event)) process.nextTick(() => process.off(event, listener))
})
