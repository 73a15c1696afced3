import { Arg, type ClassType } from 'type-graphql';

/** The parameter that receives the argument `input` of a mutation. @param type of the input */
export const Input = (type: () => ClassType) =>
  Arg('input', type, { description: 'Input of the mutation; its type describes the fields.' });
