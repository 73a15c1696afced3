import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { Payload } from '../graphql/common.type.js';
import { describedValues, inputOf, payloadOf } from '../graphql/descriptions.js';
import { ExportFormat } from './begin-export.js';
import { SecurityEventFilterInput } from './security-event.type.js';

registerEnumType(ExportFormat, {
  name: 'SecurityEventExportFormat',
  description: 'What security events are written as.',
  valuesConfig: describedValues<keyof typeof ExportFormat>({
    JSON_LINES: 'One JSON object a line.',
    CSV: 'Values separated by commas (RFC 4180).',
  }),
});

@InputType(inputOf('beginSecurityEventExport'))
export class BeginSecurityEventExportInput {
  @Field(() => ExportFormat, { description: 'What the client will write the events as.' })
  format!: ExportFormat;

  @Field(() => SecurityEventFilterInput, { nullable: true, description: 'Which events; null: all.' })
  filter?: SecurityEventFilterInput | null;
}

@ObjectType(payloadOf('beginSecurityEventExport'))
export class BeginSecurityEventExportPayload extends Payload {
  @Field(() => String, {
    nullable: true,
    description:
      'Cursor behind the events that are published by now: with it as `before`, `securityEvents` ends there. Null when ' +
      'it was refused.',
  })
  before?: string;
}
