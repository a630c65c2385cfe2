import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CallRecord } from './call-record.js';
import { OTHER } from './usage-row.js';

/** Prometheus keeps each series for ever: servers beyond these are counted together. */
const MAX_SERVERS = 500;
const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** The gateway has fewer names of errors; more could only come from a log that is not its own. */
const MAX_DECISIONS = 50;
const LIMITS: ReadonlyMap<string, string> = new Map([
  ['too-many-requests', 'requests'],
  ['too-many-streams', 'streams'],
]);

/** What is looked up when somebody asks for the metrics. */
export interface MetricSource {
  /** Without the prefix `mcp_gateway_`. */
  readonly name: string;
  readonly help: string;
  /** Of something that only grows. */
  readonly isTotal?: boolean;
  /** Names of the labels; none where there is one figure. */
  readonly labels?: readonly string[];
  /** The figure, or figures with their labels. Asked only when somebody wants to know. */
  readonly read: () => Figures | Promise<Figures>;
}

type Figures = number | readonly LabelledFigure[];

interface LabelledFigure {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Metrics {
  onCall(record: CallRecord): void;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
}

export function createMetrics(sources: readonly MetricSource[]): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const onCall = countCalls(registry);
  for (const source of sources) addSource(registry, source);
  return { onCall, text: () => registry.metrics(), contentType: registry.contentType };
}

function countCalls(registry: Registry): (record: CallRecord) => void {
  const calls = addTally(registry, {
    name: 'calls_total',
    help: 'Requests to MCP servers, by server and class of status.',
    labels: ['server', 'status', 'era'],
  });
  const bytes = addTally(registry, {
    name: 'bytes_total',
    help: 'Bytes received from callers and sent to them.',
    labels: ['direction'],
  });
  const decisions = addTally(registry, {
    name: 'gate_decisions_total',
    help: 'Requests to MCP servers, by what the gateway decided: passed on, or the name of the error that it answered.',
    labels: ['decision'],
  });
  const limited = addTally(registry, {
    name: 'limited_calls_total',
    help: 'Requests above a limit: of requests in a time, or of open streams.',
    labels: ['server', 'limit'],
  });
  const outcomes = addTally(registry, {
    name: 'call_outcomes_total',
    help: 'Requests to MCP servers, by what became of them.',
    labels: ['outcome'],
  });
  const sessions = addTally(registry, {
    name: 'sessions_total',
    help: 'Sessions of MCP that calls opened and closed.',
    labels: ['change'],
  });
  const seconds = new Histogram({
    name: 'mcp_gateway_call_duration_seconds',
    help: 'How long POST requests to MCP servers took.',
    labelNames: ['server'],
    buckets: SECONDS,
    registers: [registry],
  });
  const serverLabel = firstOf(MAX_SERVERS);
  const decisionLabel = firstOf(MAX_DECISIONS);
  return (record) => {
    const { status, era, outcome, session, error } = record;
    const server = serverLabel(record.server);
    calls(`${server}\n${Math.floor(status / 100)}xx\n${era}`);
    outcomes(outcome);
    if (session !== '') sessions(session);
    bytes('in', record.bytesIn);
    bytes('out', record.bytesOut);
    if (record.httpMethod === 'POST') seconds.observe({ server }, record.durationMs / 1000);
    decisions(record.ownAnswer ? decisionLabel(error || OTHER) : 'passed');
    const limit = LIMITS.get(error);
    if (limit !== undefined) limited(`${server}\n${limit}`);
  };
}

/**
 * Adds a counter whose series are made when somebody asks for them: prom-client sorts and checks labels at each increment,
 * which for thousands of calls in a second is most of what counting them takes.
 * @returns what counts: it is told the values of the labels, one in a line, which no value has a break of, and by how much
 */
function addTally(
  registry: Registry,
  counter: Pick<MetricSource, 'name' | 'help'> & { readonly labels: readonly string[] },
): (values: string, by?: number) => void {
  const counts = new Map<string, number>();
  const figureOf = ([values, value]: readonly [string, number]): LabelledFigure => {
    const each = values.split('\n');
    const labels = Object.fromEntries(counter.labels.map((label, at) => [label, each[at] ?? '']));
    return { labels, value };
  };
  addSource(registry, { ...counter, isTotal: true, read: () => [...counts].map(figureOf) });
  return (values, by = 1) => {
    counts.set(values, (counts.get(values) ?? 0) + by);
  };
}

/** Gives the first `max` names as they are, and all others one name. */
function firstOf(max: number): (name: string) => string {
  const known = new Set<string>();
  return (name) => {
    if (known.size < max) known.add(name);
    return known.has(name) ? name : OTHER;
  };
}

function addSource(registry: Registry, source: MetricSource): void {
  const { name, help, labels = [], isTotal = false, read } = source;
  const options = {
    name: `mcp_gateway_${name}`,
    help,
    labelNames: [...labels],
    registers: [registry],
  };
  const figures = async () => {
    const found = await read();
    return typeof found === 'number' ? [{ labels: {}, value: found }] : found;
  };
  if (isTotal) {
    new Counter({
      ...options,
      async collect() {
        const found = await figures();
        this.reset();
        for (const figure of found) this.inc({ ...figure.labels }, figure.value);
      },
    });
  } else {
    new Gauge({
      ...options,
      async collect() {
        const found = await figures();
        this.reset();
        for (const figure of found) this.set({ ...figure.labels }, figure.value);
      },
    });
  }
}
