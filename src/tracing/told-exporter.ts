import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '../operations/logging.js';
import { reasonOf } from '../operations/reason.js';

type Result = Parameters<Parameters<SpanExporter['export']>[1]>[0];

/** Logs when the collector begins to take no spans, and when it takes them again. */
export class ToldExporter implements SpanExporter {
  private lost = 0;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly log: Logger,
  ) {}

  export(spans: ReadableSpan[], done: (result: Result) => void): void {
    this.exporter.export(spans, (result) => {
      if (result.error) this.lose(spans.length, result.error);
      else this.deliver();
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  private lose(spans: number, error: unknown): void {
    if (this.lost === 0)
      this.log.warn({ reason: reasonOf(error) }, 'The collector takes no traces; they are lost until it does');
    this.lost += spans;
  }

  private deliver(): void {
    if (this.lost > 0) this.log.info({ lost: this.lost }, 'The collector takes traces again');
    this.lost = 0;
  }
}
