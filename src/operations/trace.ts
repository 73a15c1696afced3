/**
 * Describes an error for the log: its name, its position in the code, and its message unless it comes from the database
 * driver. Those messages repeat statements and values, so only their code is logged.
 */
export function traceOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = 'code' in error ? String(error.code) : undefined;
  const frames = error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim());
  const isDriver = code !== undefined || 'query' in error || error.name.includes('Exception');
  return { error: error.name, ...(isDriver ? { code } : { reason: error.message }), frames };
}
