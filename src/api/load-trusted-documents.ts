import { readFile, stat } from 'node:fs/promises';
import { setImmediate as otherWork } from 'node:timers/promises';
import { type GraphQLSchema, Kind, parse, specifiedRules, validate } from 'graphql';
import { type Config, ConfigError } from '../config.js';
import { hashPrefix } from './asked-document.js';
import { sha256 } from './document-hash.js';
import { type Manifest, readManifest } from './document-manifest.js';
import { parseOptions } from './limits.js';
import { noIntrospection } from './no-introspection.js';
import { checkShape } from './operation-shape.js';
import { checkLiterals } from './operation-text.js';
import { buildPlainSchema } from './schema.js';
import { TrustedDocuments } from './trusted-documents.js';

/** In bytes, of one manifest: 20,000 documents take about half of it. */
const mostBytes = 32 * 1024 ** 2;
/** Of those that are told at once. */
const mostFaults = 50;
/** Documents that are validated before other work has its turn; each takes up to a millisecond. */
const atOnce = 50;

/**
 * Reads the manifests and validates each document as it would be when it runs, so that a service does not start with
 * documents that do not fit its schema.
 * @returns undefined without manifests
 * @throws ConfigError that names each document at fault, by its id, with the reason
 */
export async function loadTrustedDocuments({
  trustedDocuments,
  introspection,
}: Pick<Config, 'trustedDocuments' | 'introspection'>): Promise<TrustedDocuments | undefined> {
  if (!trustedDocuments) return undefined;
  const schema = buildPlainSchema();
  const documents = new Map<string, string>();
  const faults: string[] = [];
  for (const file of trustedDocuments.files) {
    const { entries, faults: found } = await manifestIn(file);
    faults.push(...found.map((fault) => `${file}: ${fault}`));
    for (const [given, text] of entries) {
      const isHash = given.startsWith(hashPrefix);
      const id = isHash ? given.slice(hashPrefix.length) : given;
      if (isHash && sha256(text) !== id) faults.push(`${file}: ${given} is not the hash of its document`);
      if ((documents.get(id) ?? text) !== text) faults.push(`${file}: ${id} is the id of two documents`);
      documents.set(id, text);
    }
  }
  for (const [place, [id, text]] of [...documents].entries()) {
    if (place % atOnce === 0) await otherWork();
    const fault = documentFault(text, schema, introspection) ?? hashFault(text, documents);
    if (fault !== undefined) faults.push(`${id}: ${fault}`);
  }
  if (faults.length > 0) throw new ConfigError(toldAtOnce(faults));
  return new TrustedDocuments(trustedDocuments.mode, documents);
}

async function manifestIn(file: string): Promise<Manifest> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return { entries: [], faults: ['is not a file'] };
    if (found.size > mostBytes) return { entries: [], faults: [`holds more than ${mostBytes / 1024 ** 2} MiB`] };
    return readManifest((await readFile(file, 'utf8')).replace(/^\ufeff/, ''));
  } catch (error) {
    return { entries: [], faults: [`cannot be read (${(error as NodeJS.ErrnoException).code})`] };
  }
}

/** @returns why the document would not run, in one line */
function documentFault(text: string, schema: GraphQLSchema, introspection: boolean): string | undefined {
  try {
    const document = parse(text, parseOptions);
    if (!document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION)) return 'has no operation';
    const [error] = validate(schema, document, introspection ? specifiedRules : [...specifiedRules, noIntrospection]);
    if (error) return error.message;
    checkLiterals(document);
    checkShape(document);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Documents are found by the SHA-256 of their text, too. */
function hashFault(text: string, documents: ReadonlyMap<string, string>): string | undefined {
  const hash = sha256(text);
  return (documents.get(hash) ?? text) === text ? undefined : `its SHA-256 ${hash} is the id of another document`;
}

function toldAtOnce(faults: readonly string[]): string {
  const more = faults.length - mostFaults;
  const told = more > 0 ? [...faults.slice(0, mostFaults), `and ${more} more`] : faults;
  return [`TRUSTED_DOCUMENTS: the manifests have ${faults.length} faults:`, ...told].join('\n  ');
}
