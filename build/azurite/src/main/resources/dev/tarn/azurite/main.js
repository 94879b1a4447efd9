// Ctrl-C in a terminal reaches every process there; Azurite ends after the process that needs it, not with it.
process.on('SIGINT', () => {})
process.on('newListener', (event, added) => {
  if (event === 'SIGINT') setImmediate(() => process.removeListener(event, added))
})
// The pipe closes when the process that started this one ends, however it ends. What was written is saved before.
process.stdin.resume().on('end', () => {
  process.emit('SIGTERM')
  setTimeout(() => process.exit(), 5000).unref()
})
require('azurite/dist/src/blob/main.js')
