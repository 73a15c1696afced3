import { randomBytes } from 'node:crypto';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';

/** Inputs that are secrets. A person may type a password where their name belongs, so `identifier` is treated as one. */
const secretNames = /password|token$|^code$|^identifier$/i;

/** Texts that can be recognized wherever they appear, each with the place where it was planted. */
export class Planted {
  readonly secrets = new Map<string, string>();
  /** What people may read in the API and the database, but not in the log. */
  readonly contents = new Map<string, string>();

  /** A text that is strong as a password. @param where for the message of a failing test */
  secret(where: string): string {
    const text = `Zx${randomBytes(12).toString('hex')}Qv`;
    this.secrets.set(text, where);
    return text;
  }

  content(where: string): string {
    const text = `zc${randomBytes(12).toString('hex')}`;
    this.contents.set(text, where);
    return text;
  }

  /** Adds a secret that the service has made. */
  made(where: string, text: unknown): string {
    if (typeof text !== 'string' || text.length < 6) throw new Error(`no secret: ${where}`);
    this.secrets.set(text, where);
    return text;
  }
}

/** Places of those texts that a text contains: as they are, or encoded in hex or base64. */
export function foundIn(texts: ReadonlyMap<string, string>, text: string): string[] {
  const searched = text.toLowerCase();
  const isThere = (secret: string) => formsOf(secret).some((form) => searched.includes(form.toLowerCase()));
  return [...texts].filter(([secret]) => isThere(secret)).map(([, where]) => where);
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Without the last characters, which depend on what follows.
  const base64 = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
  const decoded = /^(?:[\w-]{43}|[\w-]{91})$/.test(secret) ? [Buffer.from(secret, 'base64url').toString('hex')] : [];
  return [secret, secret.replaceAll('-', ''), bytes.toString('hex'), base64, ...decoded];
}

/** Values by the name of an input, where a planted text would be refused before anything is done with it. */
export type Valid = Readonly<Record<string, () => unknown>>;

/** An operation with texts planted in its arguments. */
export interface Sowing {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** Makes an operation of a root field that fills every argument and every field of its inputs. */
export async function sow(
  kind: 'query' | 'mutation' | 'subscription',
  field: GraphQLField<unknown, unknown>,
  planted: Planted,
  valid: Valid,
): Promise<Sowing> {
  const variables: Record<string, unknown> = {};
  for (const arg of field.args) variables[arg.name] = await inputOf(arg, `${field.name}.${arg.name}`, planted, valid);
  const terms = field.args.map((arg) => `$${arg.name}: ${arg.type}`).join(', ');
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
  const query = `${kind} Sow_${field.name}(${terms}) { ${field.name}(${passed})${selection} }`;
  return { query, variables };
}

async function inputOf(
  { name, type }: GraphQLArgument | GraphQLInputField,
  where: string,
  planted: Planted,
  valid: Valid,
): Promise<unknown> {
  const given = valid[name];
  if (given) return given();
  return valueIn(type, name, where, planted, valid);
}

async function valueIn(
  type: GraphQLInputType,
  name: string,
  where: string,
  planted: Planted,
  valid: Valid,
): Promise<unknown> {
  const bare = getNullableType(type);
  if (isListType(bare)) return [await valueIn(bare.ofType, name, where, planted, valid)];
  if (isInputObjectType(bare)) {
    const fields: [string, unknown][] = [];
    for (const field of Object.values(bare.getFields()))
      fields.push([field.name, await inputOf(field, `${where}.${field.name}`, planted, valid)]);
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }
  return leafOf(getNamedType(bare).name, isNonNullType(type), name, where, planted);
}

function leafOf(type: string, isNeeded: boolean, name: string, where: string, planted: Planted): unknown {
  if (type === 'String' || type === 'ID')
    return secretNames.test(name) ? planted.secret(where) : planted.content(where);
  if (type === 'JSONObject') return { text: planted.content(where) };
  if (!isNeeded) return undefined;
  return type === 'Boolean' ? true : 1;
}
