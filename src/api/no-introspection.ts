import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

/** Validation rule for a service that keeps its schema to itself; graphql's and Apollo's say how a programmer turns theirs off. */
export const noIntrospection = (context: ValidationContext): ASTVisitor => ({
  Field: (node) => {
    if (node.name.value !== '__schema' && node.name.value !== '__type') return;
    const message = 'Introspection is off here. Whoever runs this service turns it on with INTROSPECTION=true.';
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});
