import { type ClassType, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { type Connection, PageInfo } from './pagination.js';

/**
 * Creates the types of a Relay connection (GraphQL Cursor Connections Specification).
 * @param name name of the nodes' type
 * @returns the connection type, and a resolver that counts the rows only when `totalCount` is selected
 */
export function connectionTypes(name: string, nodeType: () => ClassType) {
  @ObjectType(`${name}Edge`, { simpleResolvers: true })
  class Edge {
    @Field(() => String)
    cursor!: string;

    @Field(nodeType)
    node!: object;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true })
  class ConnectionType {
    @Field(() => [Edge])
    edges!: Edge[];

    @Field(() => [nodeType()])
    nodes!: object[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;
  }

  @Resolver(() => ConnectionType)
  class TotalResolver {
    @FieldResolver(() => Int)
    totalCount(@Root() connection: Connection<unknown>): Promise<number> {
      return connection.total();
    }
  }
  return [ConnectionType, TotalResolver] as const;
}
