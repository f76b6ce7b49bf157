// Azurite is a process of its own: it ends when the one that started it closes its input, or is killed.
process.stdin.resume().on('end', () => process.kill(process.pid, 'SIGTERM'))
