import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType('PasswordStrength', { simpleResolvers: true, description: 'How hard a password is to guess.' })
export class PasswordStrengthType {
  @Field(() => Int, { description: '0 to 4 on the scale of zxcvbn; a strong password has 3 or 4.' })
  score!: number;

  @Field(() => [String], {
    description: 'What makes the password weak, then what would help, in English; empty when it is strong.',
  })
  feedback!: readonly string[];

  @Field(() => Boolean, {
    description: 'Whether the password would be accepted for an account with this username and address.',
  })
  isStrong!: boolean;
}
