type Labels = Readonly<Record<string, string>>;

export interface Counter {
  add(labels?: Labels, by?: number): void;
}

/** Figures for whoever watches over the server, in Prometheus' text form. */
export interface Metrics {
  counter(name: string, help: string): Counter;
  /** Asked when somebody looks. */
  gauge(name: string, help: string, value: () => number): void;
  text(): string;
}

const PREFIX = 'shangliang_';

export function createMetrics(): Metrics {
  const parts: (() => string)[] = [];
  const head = (name: string, help: string, type: string) =>
    `# HELP ${PREFIX}${name} ${help}\n# TYPE ${PREFIX}${name} ${type}\n`;

  const metrics: Metrics = {
    counter(name, help) {
      const countByLabels = new Map<string, number>();
      parts.push(() => {
        const lines = [...countByLabels].map(
          ([labels, count]) => `${PREFIX}${name}${labels} ${count}\n`,
        );
        return head(name, help, 'counter') + lines.join('');
      });
      return {
        add(labels = {}, by = 1) {
          const key = written(labels);
          countByLabels.set(key, (countByLabels.get(key) ?? 0) + by);
        },
      };
    },
    gauge(name, help, value) {
      parts.push(() => `${head(name, help, 'gauge')}${PREFIX}${name} ${value()}\n`);
    },
    text: () => parts.map((part) => part()).join(''),
  };

  const memory = process.memoryUsage;
  metrics.gauge('resident_bytes', 'Memory of this process', () => memory.rss());
  metrics.gauge('heap_used_bytes', 'Memory in use by JavaScript', () => memory().heapUsed);
  metrics.gauge('cpu_seconds', 'Processor time of this process', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  metrics.gauge('uptime_seconds', 'Since this process started', () => process.uptime());
  return metrics;
}

function written(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
