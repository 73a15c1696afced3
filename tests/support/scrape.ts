import type { App } from '../../src/app.js';

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Described {
  readonly type: string;
  readonly help: string;
}

const aboutLine = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/;
const sampleLine = /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*",?)*)\})? (\S+)$/;
const labelPart = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** A text in the format of Prometheus, parsed. */
export class Scrape {
  readonly samples: Sample[] = [];
  readonly described = new Map<string, Described>();

  /** @throws for a line that is not of the format */
  constructor(readonly text: string) {
    for (const line of text.split('\n')) if (line !== '') this.take(line);
  }

  /** @returns the only sample with these labels, or 0 when there is none */
  value(name: string, labels: Record<string, string> = {}): number {
    const [found, another] = this.of(name, labels);
    if (another) throw new Error(`Several samples of ${name} have these labels`);
    return found?.value ?? 0;
  }

  of(name: string, labels: Record<string, string> = {}): Sample[] {
    const has = (sample: Sample) => Object.entries(labels).every(([label, value]) => sample.labels[label] === value);
    return this.samples.filter((sample) => sample.name === name && has(sample));
  }

  /** @returns the metric that a sample belongs to: histograms have samples of three names */
  metricOf({ name }: Pick<Sample, 'name'>): string {
    if (this.described.has(name)) return name;
    return name.replace(/_(bucket|sum|count)$/, '');
  }

  private take(line: string): void {
    const [, what, metric = '', text = ''] = aboutLine.exec(line) ?? [];
    if (what) {
      const { type = '', help = '' } = this.described.get(metric) ?? {};
      this.described.set(metric, what === 'HELP' ? { type, help: text } : { type: text, help });
      return;
    }
    const [, name, labels = '', value = ''] = sampleLine.exec(line) ?? [];
    const number = /^[+-]Inf$/.test(value) ? Number(value.replace('Inf', 'Infinity')) : Number(value);
    if (!name || (Number.isNaN(number) && value !== 'Nan')) throw new Error(`Not a line of a scrape: ${line}`);
    const pairs = [...labels.matchAll(labelPart)].map(([, label, text = '']) => [label, text]);
    this.samples.push({ name, labels: Object.fromEntries(pairs), value: number });
  }
}

/** Reads the metrics of a service that has been started with METRICS_PORT. */
export async function scrape(app: App): Promise<Scrape> {
  const answer = await fetch(`${app.metricsUrl}/metrics`);
  if (answer.status !== 200) throw new Error(`/metrics answered ${answer.status}`);
  return new Scrape(await answer.text());
}
