/**
 * Lets Ctrl-C and the like end this process through its `exit` handlers, where what it has started is ended.
 */
export function endOnSignals(): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.once(signal, () => process.exit(code));
  }
}
