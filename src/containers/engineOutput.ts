/** An array that an engine printed as JSON; an empty one when it printed something else. */
export function parseJsonArray(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/**
 * What an engine's client complained about, on one line: without its own framing ("Error response from
 * daemon:", "Error:", the hint at `--help`, warnings), which differs between engines.
 */
export function formatComplaint(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter(
      (line) =>
        line !== '' &&
        !/^(WARNING|time=".*" level=(warning|info|debug)|WARN\[|See '.* --help'|Run '.* --help')/.test(
          line,
        ) &&
        !/^(Error: failed to start containers:|failed to start containers:|Trying to pull )/.test(line),
    )
    .map((line) => line.replace(/^(?:(?:docker|Error response from daemon|Error|FATA\[\d+\]): ?)+/, ''));
  return lines.join(' ');
}
