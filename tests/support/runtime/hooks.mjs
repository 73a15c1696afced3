const compiledTests = new URL('../../../dist/tests/', import.meta.url).href;
const globals = new URL('globals.mjs', import.meta.url).href;

/** Module hook: loads modules below tests/ once per test file, by adding the file's number to their URLs. */
export async function resolve(specifier, context, next) {
  const { parentURL = '' } = context;
  if (!parentURL.startsWith(compiledTests)) return next(specifier, context);
  const { search } = new URL(parentURL);
  if (specifier === '@jest/globals') return { url: globals + search, shortCircuit: true };
  const resolved = await next(specifier, context);
  return resolved.url.startsWith(compiledTests) ? { ...resolved, url: resolved.url + search } : resolved;
}
