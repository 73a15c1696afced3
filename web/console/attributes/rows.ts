import type { Json } from './json.js';

/** What kinds of values there are in a form; `json` is everything else, such as an object. */
export const kinds = ['text', 'number', 'truth', 'list', 'instant', 'nothing', 'json'] as const;
export type Kind = (typeof kinds)[number];

/** An attribute in a form. */
export interface Row {
  /** Tells rows apart while names change. */
  readonly id: number;
  readonly name: string;
  readonly kind: Kind;
  /** What is typed. */
  readonly text: string;
  /** The value of the text; undefined while it is none of the kind. */
  readonly value: Json | undefined;
}

export type Attributes = Readonly<Record<string, Json>>;

let last = 0;

export function newRow(name = '', kind: Kind = 'text'): Row {
  last += 1;
  return typed({ id: last, name, kind, text: '', value: '' }, beginnings[kind]);
}

const beginnings: Readonly<Record<Kind, string>> = {
  ...{ text: '', number: '', truth: 'true', list: '', instant: '', nothing: 'null', json: '{}' },
};

const instants = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i;

export function kindOf(value: Json): Kind {
  if (value === null) return 'nothing';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'truth';
  if (typeof value === 'string') return instants.test(value) && !Number.isNaN(Date.parse(value)) ? 'instant' : 'text';
  return Array.isArray(value) && value.every((item) => typeof item !== 'object' || item === null) ? 'list' : 'json';
}

/** Attributes as rows; a row that is not changed keeps its value as it is. */
export const rowsOf = (attributes: Attributes): readonly Row[] =>
  Object.entries(attributes).map(([name, value]) => {
    const kind = kindOf(value);
    return { ...newRow(name, kind), text: textOf(value, kind), value };
  });

function textOf(value: Json, kind: Kind): string {
  if (kind === 'list') return (value as readonly Json[]).map(itemText).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Texts stand alone in a list, unless they would be read as something else. */
const itemText = (item: Json): string =>
  typeof item === 'string' && item === item.trim() && item !== '' && !/[",]/.test(item) && literal(item) === undefined
    ? item
    : JSON.stringify(item);

/** @returns undefined for what is no number, true, false, null or text in quotes */
function literal(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null ? undefined : value;
  } catch {
    return undefined;
  }
}

/** The row with another text. */
export const typed = (row: Row, text: string): Row => ({ ...row, text, value: valueIn(text, row.kind) });

/** The row as another kind, with its text where the kind takes it. */
export function ofKind(row: Row, kind: Kind): Row {
  const isKept = row.text !== '' && (kind === 'text' || kind === 'list' || valueIn(row.text, kind) !== undefined);
  return typed({ ...row, kind }, isKept ? row.text : beginnings[kind]);
}

function valueIn(text: string, kind: Kind): Json | undefined {
  if (kind === 'text') return text;
  if (kind === 'nothing') return null;
  if (kind === 'truth') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (kind === 'list') return listIn(text);
  if (kind === 'instant') return instants.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
  if (kind === 'number') return numberIn(text);
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** A number that JSON can say. */
export function numberIn(text: string): number | undefined {
  const number = Number(text.trim() || Number.NaN);
  return Number.isFinite(number) ? number : undefined;
}

/** Members are separated by commas; numbers, true, false, null and texts in quotes are read as JSON. */
function listIn(text: string): readonly Json[] | undefined {
  const pieces: readonly string[] = text.match(/"(?:[^"\\]|\\.)*"|[^",]+|"|,/g) ?? [];
  if (pieces.includes('"')) return undefined;
  const members = pieces.map((piece) => piece.trim()).filter((piece) => piece !== '' && piece !== ',');
  return members.map((member) => literal(member) ?? (member === 'null' ? null : member));
}

/** What is wrong with a row. */
export type Fault = 'unnamed' | 'twice' | 'value';

/** @returns undefined for a row that is in order; a row without anything in it is left out of the attributes */
export function faultOf(row: Row, rows: readonly Row[]): Fault | undefined {
  if (isBlank(row)) return undefined;
  if (row.name === '') return 'unnamed';
  if (rows.some((other) => other.id < row.id && other.name === row.name)) return 'twice';
  return row.value === undefined ? 'value' : undefined;
}

const isBlank = ({ name, text, kind }: Row): boolean => name === '' && text === beginnings[kind];

/** @returns undefined while a row is not in order */
export function attributesOf(rows: readonly Row[]): Attributes | undefined {
  if (rows.some((row) => faultOf(row, rows) !== undefined)) return undefined;
  const named = rows.filter((row) => !isBlank(row));
  return Object.fromEntries(named.map(({ name, value }) => [name, value as Json]));
}

/** Attributes as they stand in an address: on one line, with a space after each comma and colon. */
export const asText = (attributes: object): string =>
  Object.keys(attributes).length === 0 ? '' : JSON.stringify(attributes, null, 1).replaceAll(/\n\s*/g, ' ');
