// Made by `npm run schema` from operations.graphql and schema.graphql.
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type ConsoleViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ConsoleViewerQuery = { readonly viewer: { readonly id: string, readonly username: string, readonly fullName: string, readonly isAdmin: boolean | null, readonly twoFactorEnabled: boolean | null, readonly language: string | null, readonly timezone: string | null } | null };

export type ConsoleFindPeopleQueryVariables = Exact<{
  search: string;
  first: number;
}>;


export type ConsoleFindPeopleQuery = { readonly users: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly username: string, readonly fullName: string, readonly email: string | null, readonly isActive: boolean | null }> } };

export type ConsolePersonNameQueryVariables = Exact<{
  id: string | number;
}>;


export type ConsolePersonNameQuery = { readonly user: { readonly id: string, readonly username: string, readonly fullName: string } | null };

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

export const ConsoleViewerDocument = new TypedDocumentString(`
    query ConsoleViewer {
  viewer {
    id
    username
    fullName
    isAdmin
    twoFactorEnabled
    language
    timezone
  }
}
    `) as unknown as TypedDocumentString<ConsoleViewerQuery, ConsoleViewerQueryVariables>;
export const ConsoleFindPeopleDocument = new TypedDocumentString(`
    query ConsoleFindPeople($search: String!, $first: Int!) {
  users(search: $search, first: $first) {
    nodes {
      id
      username
      fullName
      email
      isActive
    }
  }
}
    `) as unknown as TypedDocumentString<ConsoleFindPeopleQuery, ConsoleFindPeopleQueryVariables>;
export const ConsolePersonNameDocument = new TypedDocumentString(`
    query ConsolePersonName($id: ID!) {
  user(id: $id) {
    id
    username
    fullName
  }
}
    `) as unknown as TypedDocumentString<ConsolePersonNameQuery, ConsolePersonNameQueryVariables>;
