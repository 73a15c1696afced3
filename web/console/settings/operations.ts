// Made by `npm run schema` from operations.graphql and schema.graphql.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** What a check of the service has found. */
export type HealthState =
  /** Something does not work. */
  | 'FAULT'
  /** All is well. */
  | 'OK'
  /** The service runs, but something is not as it should be. */
  | 'WARNING';

/** Where the value of a setting comes from. */
export type SettingSource =
  /** It is not set, so the default applies. */
  | 'DEFAULT'
  /** The file `.env`, which is read in development. */
  | 'DOT_ENV'
  /** The environment variable of this name. */
  | 'ENVIRONMENT'
  /** The file that the variable with `_FILE` at its end names. */
  | 'FILE';

export type ConsoleSettingsQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleSettingsQuery = { readonly settings: { readonly version: string, readonly nodeVersion: string, readonly postgresVersion: string, readonly startedAt: string, readonly variables: ReadonlyArray<{ readonly name: string, readonly topic: string, readonly description: string, readonly type: string, readonly source: SettingSource, readonly isHidden: boolean, readonly value: string | null, readonly byDefault: string | null, readonly otherwise: string | null }>, readonly health: ReadonlyArray<{ readonly check: string, readonly state: HealthState, readonly message: string }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const ConsoleSettingsDocument = new TypedDocumentString(`
    query ConsoleSettings {
  settings {
    version
    nodeVersion
    postgresVersion
    startedAt
    variables {
      name
      topic
      description
      type
      source
      isHidden
      value
      byDefault
      otherwise
    }
    health {
      check
      state
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleSettingsQuery, ConsoleSettingsQueryVariables>;
