/**
 * Direction of imports within src/: downwards. A file may import files of its own folder and of lines below its own,
 * but not of another folder on the same line. Files directly in src/ are listed by name. Type imports count too.
 */
export const layers: readonly (readonly string[])[] = [
  ['main.ts', 'cli.ts', 'embedding.ts'],
  ['commands'],
  ['demo'],
  ['app.ts'],
  ['jobs.ts'],
  ['early-start.ts'],
  ['metrics'],
  ['open-services.ts'],
  ['backup'],
  ['entities.ts'],
  ['http'],
  ['api'],
  ['settings'],
  ['moving'],
  ['moving/sources'],
  ['authentication/email-change'],
  ['authentication', 'content'],
  ['authentication/second-factor', 'authentication/attempts', 'authentication/passwords'],
  ['overview'],
  ['accounts'],
  ['security-events/chain', 'security-events/statistics'],
  ['sessions', 'api-tokens'],
  ['access/explain', 'access/predict'],
  ['access/roles'],
  ['access/grants'],
  ['access'],
  ['security-events'],
  ['mail'],
  ['mail/texts'],
  ['queue'],
  ['graphql'],
  ['recent-proof.ts'],
  ['operation.ts'],
  ['services.ts'],
  ['policy'],
  ['database/replicas'],
  ['database', 'redis'],
  ['database/embedded'],
  ['app-secret.ts', 'data-directory.ts'],
  ['tracing'],
  ['operations', 'texts'],
  ['config.ts'],
  ['environment'],
  ['config-values.ts', 'mistyped-names.ts', 'hashes-at-once.ts', 'secrets.ts', 'closing.ts'],
  ['versions.ts'],
  ['errors.ts', 'clock.ts', 'package-folder.ts', 'redis-address.ts'],
  ['loading'],
];

/** The only import that may leave src/. */
export const outside = { from: 'database', to: '../migrations/' } as const;

/**
 * Only these files may import GraphQL, its packages and the folder `graphql`, so that use-cases do not depend on the
 * API.
 */
export const knowGraphql = /^(http|api|graphql)\/|\.(resolver|type)\.ts$/;
export const graphqlPackages = /^(graphql|type-graphql|graphql-.+|@graphql-.+|@apollo\/.+|@as-integrations\/.+)$/;

/** Entities only declare columns. Of the capabilities they may import other entities, and the names that they store. */
export const entities = /\.entity\.ts$/;
export const namesStored = /^security-events\/event-types\.ts$/;

/** File and folder names that do not describe their content. */
export const emptyNames: readonly string[] = ['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'index'];

/** Exceptions. common.type.ts holds what every GraphQL type needs: Node, user errors, payloads. */
export const namesAllowed: readonly string[] = ['graphql/common.type.ts'];
