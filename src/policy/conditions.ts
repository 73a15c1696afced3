import { refuse } from '../errors.js';

/**
 * A predicate over a resource's attributes in MongoDB's query syntax, in the form that `checkedConditions` accepts: `{
 * "attribute.path": value | { $operator: operand, … } }`, combined with `$and`, `$or` and `$not`.
 */
export type Conditions = Readonly<Record<string, unknown>>;

/** A placeholder is filled in from the caller at each decision; it must be the whole string, not a part of one. */
const placeholder = <Name extends string>(name: Name) => `\${${name}}` as const;
export const rolesPlaceholder = placeholder('user.roles');
export const idPlaceholder = placeholder('user.id');
export const emailPlaceholder = placeholder('user.email');
export const nowPlaceholder = placeholder('now');
const valuePlaceholders = [idPlaceholder, emailPlaceholder, nowPlaceholder] as const;
export type ValuePlaceholder = (typeof valuePlaceholders)[number];
export const isValuePlaceholder = (value: unknown): value is ValuePlaceholder =>
  valuePlaceholders.includes(value as ValuePlaceholder);

/** Limits that keep a decision, its SQL and its explanation short. */
const mostLevels = 5;
export const mostClauses = 50;
const mostListed = 100;
const longestJson = 4000;
const mostSegments = 5;
const longestSegment = 64;

const firstSegment = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const laterSegment = /^(?:[A-Za-z_][A-Za-z0-9_-]*|[0-9]+)$/;
/** Names that no segment may have: `__itself__` is the parser's own name for the whole object. */
const reserved = new Set(['prototype', '__itself__', ...Object.getOwnPropertyNames(Object.prototype)]);

/**
 * Checks conditions when they are saved, so that evaluating them never fails.
 * @returns a copy made of plain objects, or null, which matches everything, for null, undefined and `{}`
 * @throws Refusal INVALID_INPUT with the position of the first fault
 * @example
 * checkedConditions({ authorId: '${user.id}', published: false }) // only one's own drafts
 */
export function checkedConditions(input: unknown): Conditions | null {
  if (input === null || input === undefined) return null;
  if (isObject(input) && Object.keys(input).length === 0) return null;
  const conditions = new Checking().document(input, []);
  if (JSON.stringify(conditions).length > longestJson) throw fault([], `is longer than ${longestJson} characters`);
  return conditions;
}

/** A position within the conditions, outermost key first. */
type Path = readonly (string | number)[];

/** Throws at the first fault, so a hostile input costs no more than the part before it. */
class Checking {
  private clauses = 0;

  document(value: unknown, at: Path, level = 0): Conditions {
    const entries = this.entries(value, at, level);
    return Object.fromEntries(entries.map(([key, part]) => [key, this.part(key, part, [...at, key], level)]));
  }

  private part(key: string, value: unknown, at: Path, level: number): unknown {
    if (key === '$and' || key === '$or') return this.compound(value, at, level);
    if (key === '$not') return this.document(value, at, level + 1);
    if (key.startsWith('$')) throw fault(at, 'is not an operator that joins conditions');
    checkPath(key, at);
    return isObject(value) ? this.operators(value, at, level) : this.clause(primitive(value, at), at);
  }

  private compound(value: unknown, at: Path, level: number): Conditions[] {
    if (!Array.isArray(value) || value.length === 0) throw fault(at, 'takes a list of at least one object');
    if (value.length > mostClauses) throw fault(at, `has more than ${mostClauses} members`);
    return Array.from(value, (member: unknown, i) => this.document(member, [...at, i], level + 1));
  }

  private operators(value: unknown, at: Path, level: number): Conditions {
    const entries = this.entries(value, at, level);
    return Object.fromEntries(entries.map(([key, operand]) => [key, this.operator(key, operand, [...at, key], level)]));
  }

  private operator(name: string, operand: unknown, at: Path, level: number): unknown {
    if (name === '$not') return this.operators(operand, at, level + 1);
    const checked = operands.get(name);
    if (!checked) throw fault(at, 'is not an operator that compares an attribute');
    return this.clause(checked(operand, at), at);
  }

  private clause<T>(value: T, at: Path): T {
    this.clauses += 1;
    if (this.clauses > mostClauses) throw fault(at, `is past the ${mostClauses} clauses that are allowed`);
    return value;
  }

  private entries(value: unknown, at: Path, level: number): [string, unknown][] {
    if (!isObject(value)) throw fault(at, 'is not an object');
    if (level > mostLevels) throw fault(at, `is nested deeper than ${mostLevels} levels`);
    const entries = Object.entries(value);
    if (entries.length === 0) throw fault(at, 'is empty');
    if (entries.length > mostClauses) throw fault(at, `has more than ${mostClauses} members`);
    return entries;
  }
}

type CheckOperand = (operand: unknown, at: Path) => unknown;
const operands = new Map<string, CheckOperand>([
  ['$eq', primitive],
  ['$ne', primitive],
  ['$in', list],
  ['$nin', list],
  ['$gt', comparable],
  ['$gte', comparable],
  ['$lt', comparable],
  ['$lte', comparable],
  ['$exists', truth],
]);

function primitive(value: unknown, at: Path): string | number | boolean | null {
  if (value === null || typeof value === 'boolean') return value;
  return comparable(value, at);
}

function comparable(value: unknown, at: Path): string | number {
  if (typeof value === 'string') return text(value, at);
  if (typeof value !== 'number') throw fault(at, 'cannot be compared with a value of this type');
  if (!Number.isFinite(value)) throw fault(at, 'is not a finite number');
  return value;
}

/** PostgreSQL stores neither NUL nor lone surrogates. */
function text(value: string, at: Path): string {
  if (value.length > longestJson) throw fault(at, `is longer than ${longestJson} characters`);
  if (value.includes('\0') || !value.isWellFormed()) throw fault(at, 'is not well-formed text');
  if (value === rolesPlaceholder) throw fault(at, 'may name the roles only as the operand of $in or $nin');
  if (value.includes('${') && !isValuePlaceholder(value)) throw fault(at, 'has an unknown placeholder');
  return value;
}

function list(value: unknown, at: Path): unknown {
  if (value === rolesPlaceholder) return value;
  if (!Array.isArray(value) || value.length === 0) throw fault(at, 'takes a list of at least one value');
  if (value.length > mostListed) throw fault(at, `lists more than ${mostListed} values`);
  return Array.from(value, (item: unknown, i) => primitive(item, [...at, i]));
}

function truth(value: unknown, at: Path): boolean {
  if (typeof value !== 'boolean') throw fault(at, 'takes true or false');
  return value;
}

function checkPath(path: string, at: Path): void {
  if (path.length > mostSegments * (longestSegment + 1)) throw fault(at, 'is too long for an attribute');
  const segments = path.split('.');
  if (segments.length > mostSegments) throw fault(at, `has more than ${mostSegments} segments`);
  const [first = '', ...later] = segments;
  if (!firstSegment.test(first) || !later.every((segment) => laterSegment.test(segment)))
    throw fault(at, 'is not the name of an attribute');
  if (segments.some((segment) => segment.length > longestSegment || reserved.has(segment)))
    throw fault(at, 'has a segment that is reserved or too long');
}

/** True for plain objects, including those without a prototype, as GraphQL creates them. */
function isObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Shortens each name in the message, because names are input and may be long. */
function fault(at: Path, message: string) {
  const where = ['conditions', ...at].map((step) => String(step).slice(0, longestSegment)).join('.');
  return refuse('INVALID_INPUT', `${where} ${message}.`, 'conditions');
}
