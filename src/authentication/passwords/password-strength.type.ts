import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType('PasswordStrength', { simpleResolvers: true })
export class PasswordStrengthType {
  @Field(() => Int, { description: '0 to 4; 3 and more is strong.' })
  score!: number;

  @Field(() => [String], { description: 'What is wrong, then what would help. In English.' })
  feedback!: readonly string[];

  @Field(() => Boolean, { description: 'Whether it would be accepted for an account with these names.' })
  isStrong!: boolean;
}
