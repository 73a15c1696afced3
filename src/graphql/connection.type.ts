import { type ClassType, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { type Connection, PageInfo } from './pagination.js';

/**
 * Makes the types of a Relay connection.
 * @param name of the nodes' type
 * @returns the connection, and the resolver that counts when somebody asks for the total
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
