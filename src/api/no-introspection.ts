import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

/**
 * Validation rule against introspection. The messages of graphql and Apollo name options in code; this one names the
 * setting.
 */
export const noIntrospection = (context: ValidationContext): ASTVisitor => ({
  Field: (node) => {
    if (node.name.value !== '__schema' && node.name.value !== '__type') return;
    const message = 'Introspection is off here. Whoever runs this service turns it on with INTROSPECTION=true.';
    context.reportError(new GraphQLError(message, { nodes: node }));
  },
});
