import { LRUCache } from 'lru-cache';
import type { Span } from '../operations/span.js';
import type { EndedStatement } from './ended-statement.js';
import { shortened } from './slow-statements.js';

/** Beginnings of texts, and the first table that is named. */
const firstWord = /^\s*([a-z]+)/i;
const table = /\b(?:from|into|update)\s+(?:only\s+)?"?([a-z_]\w*)/i;

/** What a text says of itself, of the texts that were recorded last: the same few are sent again and again. */
const described = new LRUCache<string, ReturnType<typeof describe>>({ max: 500 });

function describe(text: string) {
  const operation = firstWord.exec(text)?.[1]?.toUpperCase() ?? 'SQL';
  const target = table.exec(text)?.[1];
  return {
    'db.system.name': 'postgresql',
    'db.operation.name': operation,
    'db.query.summary': target ? `${operation} ${target}` : operation,
    'db.query.text': shortened(text),
  };
}

/** Records a statement as a part of what it was sent for. */
export function recordStatement(
  span: Span,
  { text, begunAt, milliseconds, hasFailed, code }: Omit<EndedStatement, 'work'>,
): void {
  const description = described.get(text) ?? describe(text);
  described.set(text, description);
  const attributes = code === undefined ? description : { ...description, 'db.response.status_code': code };
  const name = description['db.query.summary'];
  const part = span.begin({ name, kind: 'client', from: begunAt, attributes });
  part.end({ at: begunAt + milliseconds, ...(hasFailed && { failure: code ?? 'connection' }) });
}
