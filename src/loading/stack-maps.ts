import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';

/**
 * Makes stack traces name lines of the sources. Maps are read when the first trace needs them; `--enable-source-maps` reads
 * through all code as it is loaded, a tenth of a second of each start.
 * @param isMapped whether a file has a map beside it
 */
export function mapStacksOf(isMapped: (path: string) => boolean): void {
  const maps = new Map<string, SourceMap | undefined>();
  const mapOf = (path: string): SourceMap | undefined => {
    if (!maps.has(path)) maps.set(path, readMap(path));
    return maps.get(path);
  };
  Error.prepareStackTrace = (error, frames) => {
    const lines = frames.map((frame) => {
      const path = frame.getFileName();
      return `\n    at ${path && isMapped(path) ? mapped(frame, path, mapOf(path)) : frame}`;
    });
    return `${headOf(error)}${lines.join('')}`;
  };
}

function readMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')));
  } catch {
    return undefined;
  }
}

function mapped(frame: NodeJS.CallSite, path: string, map: SourceMap | undefined): string {
  const [line, column] = [frame.getLineNumber() ?? 1, frame.getColumnNumber() ?? 1];
  const entry = map?.findEntry(line - 1, column - 1);
  if (!entry || !('originalSource' in entry)) return String(frame);
  const source = `${resolve(dirname(path), entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  return String(frame).replace(`${path}:${line}:${column}`, () => source);
}

/** As V8 begins a trace, also of an error whose name or message cannot be read. */
function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return '<error>';
  }
}
