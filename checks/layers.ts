/**
 * Which way imports may point inside src/: downwards. A file may import what lies in its own folder or on a line below it,
 * never from another folder of its own line. Files that lie in src/ itself stand for themselves. Types count as everything else.
 */
export const layers: readonly (readonly string[])[] = [
  ['main.ts', 'cli.ts'],
  ['commands'],
  ['app.ts'],
  ['jobs.ts'],
  ['open-services.ts'],
  ['entities.ts'],
  ['http'],
  ['api'],
  ['authentication/email-change'],
  ['authentication', 'content'],
  ['authentication/second-factor', 'authentication/attempts', 'authentication/passwords'],
  ['accounts'],
  ['sessions', 'api-tokens'],
  ['access/explain', 'access/predict'],
  ['access/roles'],
  ['access/grants'],
  ['access'],
  ['security-events'],
  ['mail'],
  ['graphql'],
  ['operation.ts'],
  ['services.ts'],
  ['policy'],
  ['database'],
  ['database/embedded'],
  ['app-secret.ts', 'data-directory.ts'],
  ['operations', 'texts'],
  ['config.ts'],
  ['config-values.ts', 'mistyped-names.ts', 'secrets.ts', 'closing.ts'],
  ['errors.ts', 'clock.ts'],
];

/** The one folder outside src/ that it may import, and from where. */
export const outside = { from: 'database', to: '../migrations/' } as const;

/** Only these know GraphQL, its packages and the folder `graphql`: the rules must not depend on how they are asked for. */
export const knowGraphql = /^(http|api|graphql)\/|\.(resolver|type)\.ts$/;
export const graphqlPackages = /^(graphql|type-graphql|graphql-.+|@graphql-.+|@apollo\/.+|@as-integrations\/.+)$/;

/** Columns stand by themselves: of the capabilities an entity imports other entities, and the names that it stores. */
export const entities = /\.entity\.ts$/;
export const namesStored = /^security-events\/event-types\.ts$/;

/** Names that say nothing about what is inside. */
export const emptyNames: readonly string[] = ['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'index'];

/** Holds what every type needs: Node, user errors, payloads. */
export const namesAllowed: readonly string[] = ['graphql/common.type.ts'];
