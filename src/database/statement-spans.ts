import type { Span } from '../operations/span.js';
import type { EndedStatement } from './ended-statement.js';
import { shortened } from './slow-statements.js';

/** Beginnings of texts, and the first table that is named. */
const firstWord = /^\s*([a-z]+)/i;
const table = /\b(?:from|into|update)\s+(?:only\s+)?"?([a-z_]\w*)/i;

/** Records a statement as a part of what it was sent for. */
export function recordStatement(
  span: Span,
  { text, begunAt, milliseconds, hasFailed, code }: Omit<EndedStatement, 'work'>,
): void {
  const operation = firstWord.exec(text)?.[1]?.toUpperCase() ?? 'SQL';
  const target = table.exec(text)?.[1];
  const summary = target ? `${operation} ${target}` : operation;
  const attributes = {
    'db.system.name': 'postgresql',
    'db.operation.name': operation,
    'db.query.summary': summary,
    'db.query.text': shortened(text),
    ...(code !== undefined && { 'db.response.status_code': code }),
  };
  const part = span.begin({ name: summary, kind: 'client', from: begunAt, attributes });
  part.end({ at: begunAt + milliseconds, ...(hasFailed && { failure: code ?? 'connection' }) });
}
