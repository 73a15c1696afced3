import { Field, ObjectType } from 'type-graphql';

@ObjectType()
abstract class MailOfJob {
  @Field(() => String, {
    nullable: true,
    description:
      'Address of the recipient; null for callers who may not read every user (`user:read` without conditions), as ' +
      '`User.email` is kept from them.',
  })
  recipient!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the mail is about, for example `password-reset`; null for a mail of a version that did not say.',
  })
  kind!: string | null;
}

@ObjectType('FailedMail', {
  simpleResolvers: true,
  description: 'The mail that a failed job was to send, without its text and its subject.',
})
export class FailedMailType extends MailOfJob {}

@ObjectType('QueuedMail', {
  simpleResolvers: true,
  description: 'The mail that a job is to send, without its text and its subject.',
})
export class QueuedMailType extends MailOfJob {}
