import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { environment } from '../src/environment/environment.js';

/** What a variable of src/environment tells of itself, in Markdown. */
export interface DocumentedVariable {
  readonly name: string;
  /** From the comment; empty: there is none. */
  readonly meaning: string;
  readonly type: string;
  /** The default as it is set; undefined where there is none, or where it depends on something. */
  readonly value: string | undefined;
  /** In words, of a default that depends on something: `@defaultValue` in the comment. */
  readonly otherwise: string | undefined;
}

/** The variables of `src/environment/<topic>.ts`. */
export async function variablesOf(topic: string): Promise<DocumentedVariable[]> {
  const source = await readFile(`src/environment/${topic}.ts`, 'utf8');
  const comments = new Map([...source.matchAll(commented)].map(([, comment = '', name = '']) => [name, comment]));
  return [...source.matchAll(declared)].map(([, name = '']) => documented(name, comments.get(name) ?? ''));
}

const declared = /^ {2}([A-Z][A-Z0-9_]+):/gm;
const commented = /^ {2}\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n {2}([A-Z][A-Z0-9_]+):/gm;

function documented(name: string, comment: string): DocumentedVariable {
  const text = comment.replace(/\s*\n\s*\*?\s*/g, ' ').trim();
  const [meaning = '', otherwise] = text.split(' @defaultValue ');
  const schema = environment.shape[name as keyof typeof environment.shape];
  return { name, meaning, type: typeOf(schema), value: otherwise ? undefined : defaultOf(schema), otherwise };
}

/** The parts of zod's definitions that are read here. */
interface Definition {
  readonly type: string;
  readonly in?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly defaultValue?: unknown;
  readonly entries?: Readonly<Record<string, string>>;
}

const definitionOf = (schema: z.ZodType) => schema.def as unknown as Definition;

function typeOf(schema: z.ZodType): string {
  const named = schema.meta()?.['type'];
  if (typeof named === 'string') return named;
  const { entries, innerType, in: input } = definitionOf(schema);
  if (entries)
    return Object.values(entries)
      .map((value) => `\`${value}\``)
      .join(', ');
  const inner = innerType ?? input;
  return inner ? typeOf(inner) : 'text';
}

function defaultOf(schema: z.ZodType): string | undefined {
  const { type, defaultValue, innerType, in: input } = definitionOf(schema);
  if (type === 'default' || type === 'prefault') return String(defaultValue) || undefined;
  const inner = innerType ?? input;
  return inner && defaultOf(inner);
}
