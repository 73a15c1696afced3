import { Field, ObjectType } from 'type-graphql';

@ObjectType('FailedMail', {
  simpleResolvers: true,
  description: 'The mail that a failed job was to send, without its text and its subject.',
})
export class FailedMailType {
  @Field(() => String, { description: 'Address of the recipient.' })
  recipient!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What the mail is about, for example `password-reset`; null for a mail of a version that did not say.',
  })
  kind!: string | null;
}
