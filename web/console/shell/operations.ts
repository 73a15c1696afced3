// Made by `npm run schema` from operations.graphql and schema.graphql.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type ConsoleFindRolesQueryVariables = Exact<{
  search: string;
}>;


export type ConsoleFindRolesQuery = { readonly rolesConnection: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string, readonly level: number }> } };

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

export const ConsoleFindRolesDocument = new TypedDocumentString(`
    query ConsoleFindRoles($search: String!) {
  rolesConnection(search: $search, first: 8) {
    nodes {
      id
      name
      level
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleFindRolesQuery, ConsoleFindRolesQueryVariables>;
