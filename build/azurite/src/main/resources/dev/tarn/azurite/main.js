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
// Every ten minutes Azurite would look for bytes that no blob refers to. For 10,000 it answers no request for over a minute,
// and it takes the bytes of a blob for unused when one of the same name, in another container, ends a page of its listing.
require('azurite/dist/src/blob/gc/BlobGCManager.js').default.prototype.start = async () => {}
require('azurite/dist/src/blob/main.js')
