/** Where it happened. Messages of the database driver repeat statements and values, so they stay out of the log. */
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
